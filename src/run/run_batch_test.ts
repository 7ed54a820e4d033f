import { assertEquals, assertStringIncludes } from "@std/assert";
import { batch } from "../evaluation/batch.ts";
import { result } from "../evaluation/result.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";
import { correct, recordsOf } from "./testing/records.ts";

Deno.test("batch() gets rows as columns, in batches of what is left to do", async () => {
  const storage = memoryStorage();
  const batches: number[][] = [];
  let broken = true;
  const grouped = batch(
    "n",
    [1, 2, 3, 4, 5],
    { name: "grouped", batchSize: 2, concurrency: 1 },
    ({ n }, { items }) => {
      batches.push([...n]);
      return n.map((value, at) =>
        value % 2 === 0 && broken
          ? result({ error: `even at ${items[at]?.position}` })
          : correct(true)
      );
    },
  );
  const first = await run(grouped, { storage, experiment: "e" });
  assertEquals(batches, [[1, 2], [3, 4], [5]]);
  assertEquals(first.summary().errors, 2);
  broken = false;
  const second = await run(grouped, { storage, experiment: "e" });
  assertEquals(batches.slice(3), [[2, 4]]);
  assertEquals(second.summary(), { total: 5, errors: 0, metrics: { correct: { accuracy: 1 } } });
});

Deno.test("batch() takes one result for all, and refuses a wrong number of results", async () => {
  const one = batch("n", [1, 2, 3], { name: "one" }, () => correct(true));
  const few = batch("n", [1, 2, 3, 4], { name: "few", batchSize: 3 }, () => [correct(true)]);
  await using results = await run([one, few], { storage: memoryStorage(), experiment: "e" });
  assertEquals(results.evaluations.map(({ total, errors }) => [total, errors]), [[3, 0], [4, 3]]);
  const messages = (await recordsOf(results)).map(({ error }) => error?.message);
  assertStringIncludes(messages[3] ?? "", "returned 1 results for 3 rows");
  assertEquals(messages[6], undefined);
});
