import { assert, assertEquals, assertThrows } from "@std/assert";
import { delay } from "@std/async/delay";
import { FakeTime, TimeError } from "./time.ts";

Deno.test("FakeTime moves timers, Date and AbortSignal.timeout() together", async () => {
  const before = Date.now();
  {
    using time = new FakeTime(1000);
    let ticks = 0;
    const interval = setInterval(() => ticks++, 10);
    const signal = AbortSignal.timeout(100);
    const waited = delay(50);
    time.tick(99);
    await waited;
    assertEquals([ticks, Date.now(), new Date().valueOf(), signal.aborted], [9, 1099, 1099, false]);
    time.tick(1);
    assert(signal.aborted);
    clearInterval(interval);
    assertEquals([time.start, time.next()], [1000, false]);
  }
  assert(Date.now() >= before);
});

Deno.test("FakeTime.next() goes to the next timer and runs all that are due then", async () => {
  using time = new FakeTime(0);
  const ran: string[] = [];
  setTimeout(() => ran.push("b"), 20);
  setTimeout(() => ran.push("a"), 10);
  setTimeout(() => ran.push("a too"), 10);
  assert(await time.nextAsync());
  assertEquals([ran, time.now], [["a", "a too"], 10]);
  time.runAll();
  assertEquals([ran, time.now], [["a", "a too", "b"], 20]);
});

Deno.test("FakeTime.restoreFor() has real time while it runs", async () => {
  using _time = new FakeTime(0);
  assert(await FakeTime.restoreFor(() => Date.now()) > 0);
  assertEquals(Date.now(), 0);
});

Deno.test("FakeTime refuses a second one and a step back", () => {
  using time = new FakeTime();
  assertThrows(() => new FakeTime(), TimeError, "already faked");
  assertThrows(() => time.tick(-1), RangeError, "in the past");
});
