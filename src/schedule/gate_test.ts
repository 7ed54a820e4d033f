import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { slidingWindow } from "./adaptive.ts";
import { Gate } from "./gate.ts";

Deno.test("Gate lets through as many as allowed, then first come, first served", async () => {
  const gate = new Gate(slidingWindow({ maxConcurrency: 2 }), new FakeClock());
  const order: string[] = [];
  assertEquals(gate.enter(), undefined);
  assertEquals(gate.enter(), undefined);
  const waiting = ["third", "fourth"].map(async (name) => {
    await gate.enter();
    order.push(name);
  });
  gate.leave(true);
  await waiting[0];
  assertEquals(order, ["third"]);
  gate.leave(true);
  await waiting[1];
  assertEquals(order, ["third", "fourth"]);
  assertEquals(gate.inFlight, 2);
});
