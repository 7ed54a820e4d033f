import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { ItemGate, type ItemPlace } from "./item_gate.ts";
import { slidingWindow } from "./sliding_window.ts";
import type { EndedCall } from "./strategy.ts";

function setUp(limit = slidingWindow({ maxConcurrency: 2 }).limit()) {
  const gate = new ItemGate(limit, new FakeClock());
  const places: ItemPlace[] = [];
  async function start(): Promise<void> {
    places.push(await gate.enter());
  }
  return { gate, places, start };
}

Deno.test("items outside of calls are held to the gate's own limit", async () => {
  const { places, start } = setUp();
  const started = [start(), start(), start()];
  await Promise.all(started.slice(0, 2));
  assertEquals(places.length, 2);
  places[0]?.leave("answered");
  await started[2];
  assertEquals(places.length, 3);
});

Deno.test("items in calls make room for others, until calls wait for their turn", async () => {
  const { gate, places, start } = setUp();
  for (let item = 0; item < 10; item++) {
    await start();
    places[item]?.callBegan();
  }
  assertEquals(places.length, 10);
  gate.callsWait(2);
  const held = start();
  places[0]?.callEnded();
  places[0]?.leave("answered");
  await Promise.resolve();
  assertEquals(places.length, 10);
  gate.callsWait(-1);
  await held;
  assertEquals(places.length, 11);
});

Deno.test("an item that ends before its calls gives back no more than it took", async () => {
  const { places, start } = setUp();
  await start();
  places[0]?.callBegan();
  places[0]?.leave("answered");
  places[0]?.callEnded();
  const started = [start(), start(), start()];
  await Promise.all(started.slice(0, 2));
  await Promise.resolve();
  assertEquals(places.length, 3);
  places[1]?.leave(undefined);
  await started[2];
});

Deno.test("what items came to reaches the strategy, refusals too", async () => {
  const ended: EndedCall[] = [];
  const { places, start } = setUp({ current: 5, ended: (call) => ended.push(call) });
  await Promise.all([start(), start(), start()]);
  places[0]?.leave("refused");
  places[1]?.leave("answered");
  places[2]?.leave(undefined);
  assertEquals(ended.map(({ outcome, inFlight }) => [outcome, inFlight]), [
    ["refused", 2],
    ["answered", 1],
  ]);
});

Deno.test("calls that wait for an endpoint that is away hold up no other item, up to a bound", async () => {
  const { gate, places, start } = setUp();
  await start();
  places[0]?.callBegan();
  gate.callsWait(50);
  const held = start();
  await Promise.resolve();
  assertEquals(places.length, 1);
  gate.callsPark(50);
  await held;
  assertEquals(places.length, 2);
  gate.callsWait(60);
  gate.callsPark(60);
  places[1]?.callBegan();
  start();
  await Promise.resolve();
  assertEquals(places.length, 2, "too many of them wait");
});
