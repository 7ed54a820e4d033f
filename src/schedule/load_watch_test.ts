import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { LoadWatch } from "./load_watch.ts";
import type { ReportedLoad } from "./strategy.ts";

Deno.test("a watch asks each second while there are calls, and then no more", async () => {
  const clock = new FakeClock();
  const told: ReportedLoad[] = [];
  const stopped: boolean[] = [];
  let asked = 0;
  const watch = new LoadWatch({
    clock,
    ask(signal) {
      asked++;
      signal.addEventListener("abort", () => stopped.push(true));
      if (asked === 2) return Promise.reject(new Error("busy"));
      return asked === 3 ? new Promise(() => {}) : Promise.resolve({ running: asked, waiting: 0 });
    },
    tell: (load) => told.push(load),
  });
  watch.callBegan();
  watch.callBegan();
  await clock.pass(1000);
  assertEquals(told, [{ running: 1, waiting: 0 }]);
  await clock.pass(1000);
  watch.callEnded();
  await clock.pass(1000);
  assertEquals(asked, 3, "a failure is asked again");
  watch.callEnded();
  assertEquals([clock.pending, stopped], [0, [true]]);
});
