import { assert } from "@std/assert";
import { runWhileLocked } from "../faults/locked_file.ts";
import { takeOver } from "../faults/take_over.ts";

Deno.test("a run waits 10 s for a database that another process has locked", async () => {
  await runWhileLocked(10_000);
});

Deno.test("a killed session's experiment is taken over within 0.2 s", async () => {
  const figures: number[] = [];
  for (let time = 0; time < 20; time++) figures.push(await takeOver());
  const sorted = figures.map(Math.round).toSorted((a, b) => a - b);
  // deno-lint-ignore no-console -- the figures are what this test is for
  console.log(JSON.stringify({ milliseconds: sorted }));
  assert((sorted[sorted.length >> 1] ?? Infinity) <= 200, JSON.stringify(sorted));
});
