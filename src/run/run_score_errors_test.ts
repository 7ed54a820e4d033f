import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { evaluator } from "../evaluation/evaluator.ts";
import { foreach } from "../evaluation/foreach.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { mean } from "../metrics/mean.ts";
import { exactMatch } from "../evaluators/exact_match.ts";
import { recordLines } from "../report/record_lines.ts";
import { styleOf } from "../report/style.ts";
import { memoryStorage } from "../storage/memory.ts";
import type { RunEvent } from "./events.ts";
import { run } from "./run.ts";

const judge = evaluator(async function judge(n: number) {
  await Promise.resolve();
  if (n > 1) throw new RangeError(`no mark for ${n}`);
  return n;
}, { metrics: [accuracy(), mean()] });

Deno.test("an evaluator that throws costs its own score, and the item's others stay", async () => {
  const storage = memoryStorage();
  const events: RunEvent[] = [];
  let calls = 0;
  const scored = foreach("n", [0, 1, 2, 3], { name: "scored" }, async ({ n }) => {
    calls++;
    return [exactMatch(n, n), await judge(n)];
  });
  const options = { storage, experiment: "e" } as const;
  const first = await run(scored, { ...options, onEvent: (event) => events.push(event) });
  assertEquals(first.summary().errors, 0);
  assertEquals(first.summary().metrics, {
    exactMatch: { accuracy: 1 },
    judge: { accuracy: 1 / 4, mean: 1 / 2 },
  });
  const told = events.flatMap((event) => event.type === "message" ? [event.text] : []);
  assertEquals(told.length, 1);
  assertStringIncludes(told[0] ?? "", 'score "judge" of scored threw RangeError: no mark for 2');
  await run(scored, options);
  assertEquals(calls, 4);

  const [evaluation] = await storage.evaluations("e");
  const records = evaluation ? await Array.fromAsync(storage.records(evaluation.id)) : [];
  const shown = records.flatMap((record) =>
    recordLines(record, { style: styleOf(false), items: 1 })
  );
  assertMatch(shown.join("\n"), /judge: \{"error":"RangeError: no mark for 3"\}/);
});

Deno.test("an item whose evaluators all threw ended with an error, and is done again", async () => {
  const storage = memoryStorage();
  let calls = 0;
  const scored = foreach("n", [1, 2], { name: "scored" }, async ({ n }) => {
    calls++;
    return await judge(n);
  });
  const results = await run(scored, { storage, experiment: "e" });
  const { errors, metrics } = results.summary();
  assertEquals([errors, metrics.judge?.accuracy], [1, 1 / 2]);
  const failed = await Array.fromAsync(results.records({ errorsOnly: true }));
  assertEquals(failed.map(({ error }) => [error?.name, error?.message]), [[
    "RangeError",
    "no mark for 2",
  ]]);
  await run(scored, { storage, experiment: "e" });
  assertEquals(calls, 3);
});
