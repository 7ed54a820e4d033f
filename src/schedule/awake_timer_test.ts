import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { AwakeTimer } from "./awake_timer.ts";

Deno.test("a timeout expires after its milliseconds, not before", async () => {
  const clock = new FakeClock();
  const expired: string[] = [];
  const timer = new AwakeTimer(clock);
  timer.start(1000, () => expired.push("a"));
  timer.start(3000, () => expired.push("b"));
  await clock.pass(999);
  assertEquals(expired, []);
  await clock.pass(1);
  assertEquals(expired, ["a"]);
  await clock.pass(2000);
  assertEquals(expired, ["a", "b"]);
  assertEquals(clock.pending, 0);
});

Deno.test("a timeout does not count the time in which the process was halted", async () => {
  const clock = new FakeClock();
  const expired: string[] = [];
  new AwakeTimer(clock).start(5000, () => expired.push("a"));
  await clock.pass(1000);
  await clock.jump(3_600_000);
  assertEquals(expired, []);
  await clock.pass(3000);
  assertEquals(expired, []);
  await clock.pass(1000);
  assertEquals(expired, ["a"]);
});

Deno.test("a timeout that is cleared never expires and leaves no timer", async () => {
  const clock = new FakeClock();
  const expired: string[] = [];
  const timeout = new AwakeTimer(clock).start(1000, () => expired.push("a"));
  timeout.clear();
  assertEquals(clock.pending, 0);
  await clock.pass(5000);
  assertEquals(expired, []);
});

Deno.test("a timeout does not count the time for which it is paused", async () => {
  const clock = new FakeClock();
  const expired: string[] = [];
  const timeout = new AwakeTimer(clock).start(1000, () => expired.push("a"));
  await clock.pass(600);
  timeout.pause();
  assertEquals(clock.pending, 0);
  await clock.pass(60_000);
  assertEquals(expired, []);
  timeout.resume();
  await clock.pass(399);
  assertEquals(expired, []);
  await clock.pass(1);
  assertEquals(expired, ["a"]);
});

Deno.test("a timeout that is cleared in a pause does not go on", async () => {
  const clock = new FakeClock();
  const timeout = new AwakeTimer(clock).start(1000, () => {
    throw new Error("it expired");
  });
  timeout.pause();
  timeout.clear();
  timeout.resume();
  await clock.pass(60_000);
  assertEquals(clock.pending, 0);
});
