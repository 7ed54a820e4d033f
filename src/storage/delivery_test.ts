import { assertEquals } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { systemClock } from "../clock.ts";
import { Delivery } from "./delivery.ts";
import { Spool } from "./spool.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import { record } from "./testing/samples.ts";

/** A delivery to a database that does as the test says. */
async function setUp(patienceMs: number) {
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  const spool = await Spool.open(folder, { experiment: "trial", location: "libsql://host" });
  const database = { delivered: 0, fails: undefined as string | undefined, attempts: 0 };
  const delivery = new Delivery(spool, {
    clock: systemClock,
    random: () => 0,
    patienceMs,
    pageSize: 10,
    deliver({ results }) {
      database.attempts++;
      const { fails } = database;
      if (fails !== undefined) return Promise.reject(new DotevalsError(fails, { code: fails }));
      database.delivered += results;
      return Promise.resolve({ refused: 0 });
    },
  });
  return {
    spool,
    database,
    delivery,
    async add(from: number, to: number) {
      for (let n = from; n < to; n++) {
        await spool.add([{ type: "result", record: record(1 as EvaluationId, n) }]);
      }
      delivery.wake();
    },
    settled: (signal?: AbortSignal) => {
      const upTo = spool.added;
      return delivery.until(() => spool.delivered >= upTo, signal);
    },
    async [Symbol.asyncDispose]() {
      await delivery.stop();
      await spool[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("a delivery goes on with what is added while it runs", async () => {
  await using subject = await setUp(60_000);
  await Promise.all([subject.add(0, 50), subject.add(50, 100)]);
  assertEquals(await subject.settled(), "done");
  assertEquals(subject.database.delivered, 100);
});

Deno.test("a delivery is waited for as long as patience lasts, and goes on after that", async () => {
  await using subject = await setUp(200);
  subject.database.fails = "storage-unreachable";
  await subject.add(0, 5);
  assertEquals(await subject.settled(), "away");
  const { attempts } = subject.database;
  assertEquals(await subject.settled(), "away", "at once, until the database answers");
  subject.database.fails = undefined;
  while (subject.database.delivered < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(subject.database.attempts > attempts, true);
  assertEquals(await subject.settled(), "done");
});

Deno.test("a delivery that was told to hurry ends with the first failure, not before", async () => {
  await using subject = await setUp(60_000);
  await subject.add(0, 5);
  assertEquals(await subject.settled(AbortSignal.abort()), "done");
  subject.database.fails = "storage-busy";
  await subject.add(5, 10);
  assertEquals(await subject.settled(AbortSignal.abort()), "aborted");
});

Deno.test("a delivery ends for good when the database refuses it", async () => {
  await using subject = await setUp(60_000);
  subject.database.fails = "lease-lost";
  await subject.add(0, 5);
  assertEquals(await subject.settled(), "failed");
  assertEquals((subject.delivery.failure?.error as DotevalsError).code, "lease-lost");
  subject.database.fails = undefined;
  await subject.add(5, 10);
  assertEquals(await subject.settled(), "failed");
  assertEquals(subject.database.delivered, 0);
});
