import { assertEquals } from "@std/assert";
import { systemClock, wait } from "./clock.ts";

Deno.test("systemClock's timers may be longer than the runtime's", async () => {
  const fired: string[] = [];
  const stops = [2 ** 31, 1e12, Infinity].map((milliseconds) =>
    systemClock.after(milliseconds, () => fired.push(String(milliseconds)))
  );
  const { signal } = new AbortController();
  await wait(systemClock, 20, signal);
  for (const stop of stops) stop();
  assertEquals(fired, []);
});
