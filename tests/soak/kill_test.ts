import { assert } from "@std/assert";
import { killRounds } from "../faults/kill_rounds.ts";

Deno.test("2,000 items killed at 100 moments are each recorded once", async () => {
  const figures = await killRounds({ items: 2000, kills: 100, seed: 3 });
  // deno-lint-ignore no-console -- the figures are what this test is for
  console.log(JSON.stringify(figures));
  assert(figures.withinCommit >= 20, JSON.stringify(figures));
});
