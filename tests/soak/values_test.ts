import { assertKept, objectOf } from "../faults/kept_values.ts";

Deno.test("a million keys come back as they went in", async () => {
  await assertKept([objectOf(1_000_000)]);
});
