import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { HEARTBEATS } from "./lease.ts";
import type { SqlResult, Statement } from "./sql.ts";

Deno.test("startHeartbeat() renews a lease several times before it expires, also after a write that failed, until it is stopped", async () => {
  const clock = new FakeClock();
  const written: unknown[] = [];
  const database = {
    writeOnce(...statements: readonly Statement[]): Promise<readonly SqlResult[]> {
      written.push(...statements.map(({ args }) => args));
      return written.length === 1 ? Promise.reject(new Error("away")) : Promise.resolve([]);
    },
  };
  const stop = startHeartbeat(database, { token: "t", leaseMs: 1_000 * HEARTBEATS, clock });
  const beats = async (count: number) => {
    for (let n = 0; n < count; n++) await clock.pass(1_000);
    return written.length;
  };
  assertEquals(await beats(3), 3);
  assertEquals(written[0], ["t", 1_000 * HEARTBEATS]);
  stop();
  assertEquals([await beats(2), clock.pending], [3, 0]);
});
