import { assert } from "@std/assert";
import { finished, workplace } from "../cli/command.ts";
import { runGenerated } from "../size/generated.ts";
import { measured, notMeasurable } from "../size/measured.ts";
import { resumeFigures } from "../size/resume.ts";

/** What a process may take more for a large run, in MB, beside that for each row. */
const MORE_MB = 50;
const BYTES_PER_ROW = 32;

/** By how much a run of so many rows may exceed one of fewer, in MB. */
function mostMore(many: number, few: number): number {
  return MORE_MB + (many - few) * BYTES_PER_ROW / 2 ** 20;
}

function print(figures: unknown): void {
  // deno-lint-ignore no-console -- the figures are what these tests are for
  console.log(JSON.stringify(figures));
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: notMeasurable, fn });
}

test("1,000,000 rows take no more memory than 100,000 do, but 32 bytes for each", async () => {
  const peaks: Record<number, number> = {};
  for (const rows of [10_000, 100_000, 1_000_000]) {
    await using place = await workplace();
    peaks[rows] = Math.round((await runGenerated(place, { rows })).peakMb);
  }
  // What is new by 100,000 rows is the heap of the engine, which grows with what was allocated.
  print({ peaks, more: (peaks[1_000_000] ?? 0) - (peaks[10_000] ?? 0) });
  assert((peaks[1_000_000] ?? 0) - (peaks[100_000] ?? 0) < mostMore(1_000_000, 100_000));
});

test("one slow item at the head of 100,000 keeps nothing behind it", async () => {
  await using place = await workplace();
  const rows = 100_000;
  const even = await runGenerated(place, { rows, characters: 1_000, experiment: "even" });
  const run = { rows, characters: 1_000, experiment: "slow", slowHead: true };
  const slow = await runGenerated(place, run);
  print({ even: Math.round(even.peakMb), slow: Math.round(slow.peakMb) });
  assert(slow.peakMb - even.peakMb < MORE_MB);
});

test("records that nobody reads yet wait in the storage", async () => {
  await using place = await workplace();
  await runGenerated(place, { rows: 100_000, characters: 1_000 });
  const args = ["show", "size", "--full", "--json"];
  const prompt = await measured(place, args);
  const late = await measured(place, args, {
    async use(process) {
      const reader = process.stdout.getReader();
      const { value: begin } = await reader.read();
      reader.releaseLock();
      await untilIdle(process.pid);
      const end = await finished(process);
      return { ...end, stdout: new TextDecoder().decode(begin) + end.stdout };
    },
  });
  print({ prompt: Math.round(prompt.peakMb), late: Math.round(late.peakMb) });
  assert(late.stdout === prompt.stdout && late.stdout.length > 100_000_000);
  assert(late.peakMb - prompt.peakMb < MORE_MB);
});

test("an experiment of 1,000,000 items is gone on with, listed and shown at once", async () => {
  const figures = await resumeFigures(1_000_000);
  print({
    ...figures,
    lastOverHashing: figures.newLast / figures.hashing,
    load: Deno.loadavg()[0],
  });
  assert(figures.newFirst < 3, "the new row came first");
  assert(figures.list < 1 && figures.show < 1, "list and show");
});

test("experiments of 1,000,000 rows are compared at the memory of 100,000", async () => {
  const figures: Record<number, { readonly peakMb: number; readonly seconds: number }> = {};
  for (const rows of [100_000, 1_000_000]) {
    await using place = await workplace();
    for (const experiment of ["before", "after"]) await runGenerated(place, { rows, experiment });
    const { code, stdout, stderr, peakMb, seconds } = await measured(place, [
      "compare",
      "before",
      "after",
    ]);
    assert(code === 0 && stdout.includes(`${rows.toLocaleString("en")} rows in both.`), stderr);
    figures[rows] = { peakMb: Math.round(peakMb), seconds };
  }
  print(figures);
  assert((figures[1_000_000]?.peakMb ?? NaN) - (figures[100_000]?.peakMb ?? NaN) < MORE_MB);
});

test("show draws the scores of 1,000,000 items, and tells an item's story, within a second", async () => {
  await using place = await workplace();
  await runGenerated(place, { rows: 1_000_000, numbers: true });
  const shown = await measured(place, ["show", "size"]);
  assert(/0\.9–1\.0 +100,000 /.test(shown.stdout) && shown.stdout.includes("█"), shown.stdout);
  const [key = ""] = shown.stdout.match(/(?<=\n {6}|lowest: )[0-9a-f]{12}/) ?? [];
  const story = await measured(place, ["show", "size", "--item", key]);
  assert(story.stdout.includes("share 0"), story.stdout);
  print({ show: shown.seconds, item: story.seconds, showMb: Math.round(shown.peakMb) });
  assert(shown.seconds < 1 && story.seconds < 1);
});

/** Waits until a process does nothing any more: its output is full. */
async function untilIdle(pid: number): Promise<void> {
  for (let [idle, before] = [0, -1]; idle < 20; idle++) {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    const times = stat.split(") ")[1]?.split(" ") ?? [];
    const ticks = Number(times[11]) + Number(times[12]);
    if (ticks !== before) idle = 0;
    before = ticks;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
