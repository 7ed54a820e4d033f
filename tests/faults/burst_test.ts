import { assert } from "@std/assert";
import { killAfterBurst } from "./burst.ts";

Deno.test("of 1,000 answers that came at once, a kill takes those of the last moment", async () => {
  const figures = await killAfterBurst(300);
  assert(figures.kept > 0, JSON.stringify(figures));
});
