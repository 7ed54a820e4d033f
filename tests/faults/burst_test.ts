import { assertEquals } from "@std/assert";
import { killAfterBurst } from "./burst.ts";

Deno.test("a kill some time after 1,000 answers came at once takes none, and all totals are right", async () => {
  const { arrived, kept } = await killAfterBurst(1500, "openai");
  assertEquals([arrived, kept], [1000, 1000]);
});
