import { assertEquals, assertRejects } from "@std/assert";
import { runLanes } from "./lanes.ts";

function counting(count: number) {
  let next = 0;
  return { next: () => next < count ? next++ : undefined };
}

Deno.test("runLanes() does each piece once, as many at once as there are lanes", async () => {
  const done: number[] = [];
  const allIn = Promise.withResolvers<void>();
  let now = 0;
  let most = 0;
  await runLanes(counting(50), 7, async (piece) => {
    most = Math.max(most, ++now);
    if (now === 7) allIn.resolve();
    await allIn.promise;
    done.push(piece);
    now--;
  });
  assertEquals(done.toSorted((a, b) => a - b), Array.from({ length: 50 }, (_, at) => at));
  assertEquals(most, 7);
});

Deno.test("runLanes() is not held up by one slow piece", async () => {
  const slow = Promise.withResolvers<void>();
  let done = 0;
  await runLanes(counting(1000), 2, async (piece) => {
    if (piece === 0) await slow.promise;
    if (++done === 999) slow.resolve();
  });
  assertEquals(done, 1000);
});

Deno.test("runLanes() throws what work throws", async () => {
  await assertRejects(
    () => runLanes(counting(3), 2, () => Promise.reject(new Error("broken"))),
    Error,
    "broken",
  );
});
