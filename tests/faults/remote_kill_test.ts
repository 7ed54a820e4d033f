import { assert } from "@std/assert";
import { sqldMissing } from "../sqld.ts";
import { killRounds } from "./kill_rounds.ts";

Deno.test({
  name:
    "a run into a remote database that is killed loses nothing, doubles nothing, repeats little",
  ignore: sqldMissing !== undefined,
  async fn() {
    const figures = await killRounds({ items: 600, kills: 6, seed: 2, remote: true });
    assert(figures.withinCommit > 0, JSON.stringify(figures));
  },
});
