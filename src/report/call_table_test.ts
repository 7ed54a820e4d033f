import { assert, assertEquals } from "@std/assert";
import { callTable } from "./call_table.ts";
import { reportExperiment } from "./experiment_report.ts";
import { recordLines } from "./record_lines.ts";
import { styleOf } from "./style.ts";
import { resultTable } from "./table.ts";
import { demoStorage, fillCalls } from "./testing/filled_storage.ts";

Deno.test("resultTable() and callTable() show what calls took, where something is known of it", async () => {
  await using storage = await demoStorage();
  await fillCalls(storage);
  const options = { columns: undefined, color: false };
  const report = await reportExperiment(storage, "calls");
  assertEquals(resultTable(report, options), [
    "evaluation  model               items  errors  tokens         cost",
    "sums        openai:gpt-4o-mini    3/3       0   2,500  ≥ $0.000210",
  ]);
  assertEquals(callTable(report, options), [
    "calls of                         to                  calls  failed  mean latency  input tokens  output tokens         cost",
    "sums [model=openai:gpt-4o-mini]  judge                   1       1                           –              –",
    "sums [model=openai:gpt-4o-mini]  openai:gpt-4o-mini      2       0        300 ms         2,400            100  ≥ $0.000210",
  ]);
  assertEquals(callTable(await reportExperiment(storage, "demo"), options), []);
});

Deno.test("recordLines() tells of calls what their item does not", async () => {
  await using storage = await demoStorage();
  await fillCalls(storage);
  const [evaluation] = await storage.evaluations("calls");
  assert(evaluation);
  const lines: string[] = [];
  for await (const record of storage.records(evaluation.id)) {
    lines.push(...recordLines(record, { style: styleOf(false), items: 3 }));
  }
  assertEquals(lines.filter((line) => /call|asked|answered/.test(line)), [
    "    call: openai:gpt-4o-mini 400 ms, 1,000 + 100 tokens, $0.000210",
    "    call: judge 4 attempts, 200 ms, TypeError: no",
    "      asked: ok?",
    "    call: openai:gpt-4o-mini 200 ms, 1,400 + – tokens",
  ]);
});
