import { assert, assertEquals } from "@std/assert";
import { type ExperimentReport, reportExperiment } from "./experiment_report.ts";
import { experimentTable } from "./experiment_table.ts";
import { resultTable } from "./table.ts";
import { demoStorage, fill } from "./testing/filled_storage.ts";
import { widthOf } from "./text_width.ts";

async function demoReport(): Promise<ExperimentReport> {
  await using storage = await demoStorage();
  return await reportExperiment(storage, "demo");
}

// deno-lint-ignore no-control-regex -- what colours are made of
const PAINT = /\x1b\[\d+m/g;

Deno.test("resultTable() puts all evaluations side by side where there is room", async () => {
  assertEquals(resultTable(await demoReport(), { columns: undefined, color: false }), [
    "evaluation  model               style  status        items  errors  exactMatch.accuracy           f1.median  f1.within(error=0.1)  f1.within(error=0.2)",
    "arithmetic  echo:                      complete        5/5       2  0.400 (0.118–0.769)",
    "arithmetic  openai:gpt-4o-mini  terse  incomplete  2/1,200       0  0.500 (0.095–0.905)",
    "extraction                             complete        3/3       0                       0.500 as of 2 of 3                     –                     –",
  ]);
});

Deno.test("resultTable() makes a table for each set of metrics at 120 columns", async () => {
  assertEquals(resultTable(await demoReport(), { columns: 120, color: false }), [
    "evaluation  model               style  status        items  errors  exactMatch.accuracy",
    "arithmetic  echo:                      complete        5/5       2  0.400 (0.118–0.769)",
    "arithmetic  openai:gpt-4o-mini  terse  incomplete  2/1,200       0  0.500 (0.095–0.905)",
    "",
    "evaluation  items  errors           f1.median  f1.within(error=0.1)  f1.within(error=0.2)",
    "extraction    3/3       0  0.500 as of 2 of 3                     –                     –",
  ]);
});

Deno.test("resultTable() stacks at 88 columns only what does not fit", async () => {
  assertEquals(resultTable(await demoReport(), { columns: 88, color: false }), [
    "evaluation  model               style  status        items  errors  exactMatch.accuracy",
    "arithmetic  echo:                      complete        5/5       2  0.400 (0.118–0.769)",
    "arithmetic  openai:gpt-4o-mini  terse  incomplete  2/1,200       0  0.500 (0.095–0.905)",
    "",
    "extraction",
    "  items                 3/3",
    "  errors                0",
    "  f1.median             0.500 as of 2 of 3",
    "  f1.within(error=0.1)  –",
    "  f1.within(error=0.2)  –",
  ]);
});

Deno.test("resultTable() stacks all at 40 columns, and no line is wider", async () => {
  const lines = resultTable(await demoReport(), { columns: 40, color: false });
  assertEquals(lines.slice(0, 12), [
    "arithmetic",
    "  model                echo:",
    "  status               complete",
    "  items                5/5",
    "  errors               2",
    "  exactMatch.accuracy",
    "    0.400 (0.118–0.769)",
    "arithmetic",
    "  model",
    "    openai:gpt-4o-mini",
    "  style                terse",
    "  status               incomplete",
  ]);
  assert(lines.every((line) => widthOf(line) <= 40));
});

Deno.test("resultTable() shows the same with colour", async () => {
  const report = await demoReport();
  for (const columns of [40, 80, 120]) {
    const painted = resultTable(report, { columns, color: true });
    assertEquals(
      painted.map((line) => line.replace(PAINT, "")),
      resultTable(report, { columns, color: false }),
    );
    assert(painted.some((line) => line.includes("\x1b[31m2\x1b[39m")), "errors are red");
  }
});

Deno.test("resultTable() escapes what a name could do to a terminal, and counts rows that are gone", () => {
  const report: ExperimentReport = {
    experiment: "x",
    evaluations: [{
      stored: {
        id: 1 as never,
        name: "evil\x1b[31m\u202Ename",
        variant: "{}",
        generation: 1,
        fingerprint: { code: "", model: "", major: "", version: "" },
        status: "complete",
        items: 1,
        completed: 1,
        errors: 0,
        gone: 2,
        revision: 1,
        metadata: undefined,
        tags: [],
      },
      variant: { "k\n": "v\x9b", list: [1, { a: 2n }] },
      metrics: [],
      calls: [],
      distributions: new Map(),
    }],
  };
  assertEquals(resultTable(report, { columns: 120, color: false }), [
    "evaluation                  k\\n      list                                      items  errors",
    'evil\\u{1b}[31m\\u{202e}name  v\\u{9b}  [1,{"a":{"$type":"bigint","value":"2"}}]    1/1       0',
    "2 recorded items left out: their rows are no longer in the dataset.",
  ]);
});

Deno.test("experimentTable() lines up wide characters and stacks where it must", async () => {
  await using storage = await demoStorage();
  await fill(storage, "実験", [{ name: "e", records: [{}] }]);
  const experiments = [...await storage.experiments()].sort((a, b) => a.name < b.name ? -1 : 1);
  assertEquals(experimentTable(experiments, { columns: 80, color: false }), [
    "experiment  status      evaluations     items  errors  updated (UTC)",
    "demo        incomplete            3  10/1,208       2  2026-01-31 12:00",
    "実験        complete              1       1/1       0  2026-01-31 12:00",
  ]);
  assertEquals(experimentTable(experiments, { columns: 40, color: false }).slice(0, 3), [
    "demo",
    "  status         incomplete",
    "  evaluations    3",
  ]);
});
