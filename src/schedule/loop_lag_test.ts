import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { LoopLag } from "./loop_lag.ts";

Deno.test("LoopLag knows the longest time that nothing had a turn", async () => {
  const clock = new FakeClock();
  using lag = new LoopLag(clock);
  await clock.pass(1000);
  assertEquals(lag.longest, 0);
  clock.stall(300);
  await clock.pass(500);
  clock.stall(100);
  await clock.pass(500);
  assertEquals(lag.longest, 280, "of 300, 20 were a timer's own");
});

Deno.test("LoopLag leaves no timer behind", async () => {
  const clock = new FakeClock();
  {
    using _lag = new LoopLag(clock);
    await clock.pass(100);
    assertEquals(clock.pending, 1);
  }
  assertEquals(clock.pending, 0);
});
