import { assert } from "@std/assert";
import { killRounds } from "./kill_rounds.ts";

Deno.test("a run that is killed at any moment loses nothing, doubles nothing, repeats little", async () => {
  const figures = await killRounds({ items: 600, kills: 8, seed: 1 });
  assert(figures.withinCommit > 0, JSON.stringify(figures));
});
