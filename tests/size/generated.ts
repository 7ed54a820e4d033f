/**
 * Runs of the evaluation that makes its rows as they are asked for.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { fixturePath, type Workplace } from "../cli/command.ts";
import { type Measured, measured } from "./measured.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** What is to be run. */
export interface GeneratedRun {
  readonly rows: number;
  /** Characters of each row. */
  readonly characters?: number;
  /** Where a row comes that was not there before. */
  readonly newRow?: "first" | "last";
  /** Whether the first item waits until the last one has started. */
  readonly slowHead?: boolean;
  /** Whether each item has a number as a score, too. */
  readonly numbers?: boolean;
  readonly experiment?: string;
}

/** Runs the evaluation to its end. */
export async function runGenerated(place: Workplace, run: GeneratedRun): Promise<Measured> {
  const { rows, characters = 0, newRow, slowHead = false, numbers = false, experiment = "size" } =
    run;
  const env = {
    ROWS: String(rows),
    CHARACTERS: String(characters),
    STARTED: startedPath(place),
    ...newRow !== undefined && { NEW_ROW: newRow },
    ...numbers && { NUMBERS: "1" },
    ...slowHead && { SLOW_HEAD: "1" },
  };
  const args = ["run", fixturePath("generated"), "--experiment", experiment, "--quiet"];
  const done = await measured(place, args, { env });
  if (done.code !== 0) throw new Error(done.stderr);
  return done;
}

/** When the new row of the last run started, in milliseconds since the epoch. */
export async function newRowStarted(place: Workplace): Promise<number> {
  return Number(await Deno.readTextFile(startedPath(place)));
}

/** Seconds that it takes, alone, to make the rows and their keys. */
export async function secondsToHash(rows: number, characters: number): Promise<number> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tests/size/hash_rows.ts", String(rows), String(characters)],
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The rows could not be hashed.");
  return Number(new TextDecoder().decode(stdout));
}

function startedPath(place: Workplace): string {
  return `${place.folder}/started`;
}
