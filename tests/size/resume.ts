/**
 * How long it takes to go on with a large experiment, and to look at it.
 *
 * @module
 */
import { workplace } from "../cli/command.ts";
import { newRowStarted, runGenerated, secondsToHash } from "./generated.ts";
import { type Measured, measured } from "./measured.ts";

/** Characters of a short question; with longer rows hashing takes more of the time. */
const SHORT = 200;

const TIMES = 3;

/** In seconds and MB. */
export interface ResumeFigures {
  readonly rows: number;
  /** To record all rows, and the memory that this took. */
  readonly recording: number;
  readonly recordingMb: number;
  /** From the start of the command to that of the new row, where it comes first. */
  readonly newFirst: number;
  /** The same, where it comes last. */
  readonly newLast: number;
  /** To make the rows and their keys, and nothing else: just before and after `newLast`. */
  readonly hashing: number;
  readonly resumingMb: number;
  /** Medians. */
  readonly list: number;
  readonly show: number;
}

/** Records so many rows of so many characters, and goes on with them. */
export async function resumeFigures(rows: number, characters = SHORT): Promise<ResumeFigures> {
  await using place = await workplace();
  const run = { rows, characters };
  const recording = await runGenerated(place, run);
  const list = median(await times(() => measured(place, ["list"])));
  const show = median(await times(() => measured(place, ["show", "size"])));
  let start = Date.now();
  const first = await runGenerated(place, { ...run, newRow: "first" });
  const newFirst = (await newRowStarted(place) - start) / 1000;
  const before = await secondsToHash(rows, characters);
  start = Date.now();
  const last = await runGenerated(place, { ...run, newRow: "last" });
  const newLast = (await newRowStarted(place) - start) / 1000;
  const after = await secondsToHash(rows, characters);
  return {
    rows,
    recording: recording.seconds,
    recordingMb: recording.peakMb,
    newFirst,
    newLast,
    hashing: (before + after) / 2,
    resumingMb: Math.max(first.peakMb, last.peakMb),
    list,
    show,
  };
}

async function times(command: () => Promise<Measured>): Promise<readonly number[]> {
  const seconds: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const done = await command();
    if (done.code !== 0) throw new Error(done.stderr);
    seconds.push(done.seconds);
  }
  return seconds;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
