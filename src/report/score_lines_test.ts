import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import { encode } from "../values/tagged.ts";
import { barText, shareText, sparkline } from "./bars.ts";
import { detailLines } from "./detail_lines.ts";
import { type EvaluationReport, reportExperiment } from "./experiment_report.ts";
import { itemLines } from "./item_lines.ts";
import { scoreLines, scoreSummaries } from "./score_lines.ts";
import { styleOf } from "./style.ts";
import { CALL, demoStorage, fill } from "./testing/filled_storage.ts";
import { widthOf } from "./text_width.ts";

const PLAIN = { style: styleOf(false), columns: 60 };

/** An evaluation of which each item has one score of each name. */
async function scored(
  values: readonly Readonly<Record<string, ItemRecordDraft["scores"][number]["value"]>>[],
): Promise<EvaluationReport> {
  await using storage = await demoStorage();
  const scoresOf = (own: typeof values[number]) =>
    Object.entries(own).map(([name, value]) => ({ name, value, metadata: undefined }));
  await fill(storage, "scored", [{
    name: "e",
    records: [
      ...values.map((own) => ({ scores: scoresOf(own) })),
      { error: { name: "Error", message: "no", stack: undefined } },
    ],
  }]);
  const { evaluations: [evaluation] } = await reportExperiment(storage, "scored");
  assert(evaluation);
  return evaluation;
}

Deno.test("scoreLines() draws numbers in bins, booleans and labels as bars, with the lowest items", async () => {
  const evaluation = await scored([
    { f1: 0.05, right: true, label: "cat" },
    { f1: 0.92, right: false, label: "dog\x1b[2J" },
    { f1: 1, right: true, label: "cat" },
    { f1: 0.95, right: true, label: "cat" },
  ]);
  assertEquals(scoreLines(evaluation, PLAIN), [
    "  f1",
    "    0.0–0.1  1  20%  █████████████",
    "    0.1–0.2  0   0%",
    "    0.2–0.3  0   0%",
    "    0.3–0.4  0   0%",
    "    0.4–0.5  0   0%",
    "    0.5–0.6  0   0%",
    "    0.6–0.7  0   0%",
    "    0.7–0.8  0   0%",
    "    0.8–0.9  0   0%",
    "    0.9–1.0  3  60%  ███████████████████████████████████████",
    "    errors   1  20%  █████████████",
    "    lowest",
    "      00000000 (0.050, row 0)",
    "      00000000 (0.920, row 1)",
    "      00000000 (0.950, row 3)",
    "  label",
    "    cat           3  60%  ██████████████████████████████████",
    "    dog\\u{1b}[2J  1  20%  ███████████▍",
    "    errors        1  20%  ███████████▍",
    "  right",
    "    true    3  60%  ████████████████████████████████████████",
    "    false   1  20%  █████████████▍",
    "    errors  1  20%  █████████████▍",
    "    lowest: 00000000 (false, row 1)",
  ]);
});

Deno.test("scoreLines() takes no more columns than there are, and has no bar where there is no room", async () => {
  const evaluation = await scored([{ a_long_label: "日本語".repeat(20) }, { a_long_label: "x" }]);
  for (const columns of [20, 34, 80]) {
    const lines = scoreLines(evaluation, { ...PLAIN, columns });
    assert(lines.every((line) => widthOf(line) <= columns), lines.join("\n"));
  }
  assert(scoreLines(evaluation, { ...PLAIN, columns: 20 }).every((line) => !line.includes("█")));
});

Deno.test("scoreLines() and scoreSummaries() show numbers that are all the same as what they are", async () => {
  const evaluation = await scored([{ third: 2 / 7, far: 1e300 }, { third: 2 / 7, far: -1e300 }]);
  const labels = scoreLines(evaluation, PLAIN).map((line) => line.trim().split(/\s/)[0]);
  assert(labels.includes("0.285714") && labels.includes("-1e+300–1e+300"), labels.join());
  const single = await scored([{ third: 2 / 7 }]);
  const [line] = scoreSummaries({ ...single, stored: { ...single.stored, completed: 1 } }, PLAIN);
  assert(line?.startsWith("  third  0.285714 "), line);
});

Deno.test("scoreSummaries() has a line for each score", async () => {
  const values = Array.from({ length: 8 }, (_, n) => ({ n: n % 4 + 1, right: n % 2 === 0 }));
  const evaluation = await scored(values);
  assertEquals(scoreSummaries(evaluation, PLAIN), [
    "  n  1 2, 2 2, 3 2, 4 2, errors 1",
    "  right  true 4, false 4, errors 1",
  ]);
});

Deno.test("bars are never invisible for what there is, and shares never 0% or 100% but for that", () => {
  assertEquals([barText(0, 10), barText(0.0001, 10), barText(1, 3)], ["", "▏", "███"]);
  assertEquals([shareText(1, 1_000), shareText(999, 1_000), shareText(0, 5)], [
    "<1%",
    ">99%",
    "0%",
  ]);
  assertEquals(sparkline([0, 1, 4, 8]), " ▂▅█");
});

function withDetails(details: EvaluationReport["metrics"][number]["details"], metric: string) {
  return scored([{ s: true }]).then((evaluation) => ({
    ...evaluation,
    metrics: [{ score: "s", metric, value: 0.5, details, interval: undefined, asOf: undefined }],
  }));
}

Deno.test("detailLines() has groups in a table, and a confusion matrix as one", async () => {
  const groups = { art: { value: 0.25, count: 4 }, law: { value: null, count: 1_200 } };
  assertEquals(detailLines(await withDetails(groups, "groupBy(accuracy)"), PLAIN), [
    "  s.groupBy(accuracy)",
    "    group  items  value",
    "    art        4  0.250",
    "    law    1,200      –",
  ]);
  const matrix = { labels: ["cat", true, 3], counts: [[5, 1, 0], [0, 2, 0], [0, 0, 0]] };
  assertEquals(detailLines(await withDetails(matrix, "confusionMatrix"), PLAIN), [
    "  s.confusionMatrix",
    "    expected ↓ predicted →  cat  true  3",
    "    cat                       5     1  0",
    "    true                      0     2  0",
    "    3                         0     0  0",
  ]);
});

Deno.test("detailLines() bounds what it shows, the lowest groups first, and leaves intervals to the table", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 50 }, (_, n) => [`g${n}`, { value: 1 - n / 100, count: 2 }]),
  );
  const lines = detailLines(await withDetails(many, "groupBy(mean)"), PLAIN);
  assertEquals(lines.length, 23);
  assertStringIncludes(lines[2] ?? "", "g49");
  assertStringIncludes(lines.at(-1) ?? "", "and 30 more groups");
  assertEquals(detailLines(await withDetails({ low: 0.1, high: 0.2 }, "x"), PLAIN), []);
  assertEquals(detailLines(await withDetails({ mine: [1, "\x1b[2J"] }, "x"), PLAIN), [
    "  s.x",
    '    {"mine":[1,"\\u001b[2J"]}',
  ]);
});

Deno.test("itemLines() tells an item's story, each attempt of its calls with its time and error", async () => {
  await using storage = await demoStorage();
  const tries = [
    { sentMs: 0, latencyMs: 120, error: "RateLimitError: 429" },
    { sentMs: 1_320, latencyMs: 200, error: undefined },
  ];
  await fill(storage, "story", [{
    name: "e",
    records: [{
      row: encode({ question: "2 + 2?\nReally?", tags: ["a", 1n] }),
      prompt: encode("2 + 2?"),
      response: encode("\x1b[2J4"),
      startedAt: Date.UTC(2026, 0, 31, 12),
      durationMs: 1_700,
      attempts: 2,
      scores: [{ name: "right", value: false, metadata: encode({ expected: "4" }) }],
      metadata: encode("x".repeat(5_000)),
      calls: [{
        ...CALL,
        attempts: 2,
        startedAt: Date.UTC(2026, 0, 31, 12),
        tries,
        inputTokens: 12,
        outputTokens: 3,
        cost: 0.000_01,
      }],
    }],
  }]);
  const [evaluation] = await storage.evaluations("story");
  assert(evaluation);
  const [record] = await Array.fromAsync(storage.records(evaluation.id));
  assert(record);
  const lines = itemLines(record, { label: "e", style: styleOf(false), full: false });
  assertEquals(lines.slice(0, -2), [
    "e row 0",
    `  key     ${record.key}`,
    "  status  recorded after 2 attempts",
    "  started 2026-01-31 12:00:00.000 UTC",
    "  took    1.7 s, 200 ms in its call",
    "row",
    "  question: 2 + 2?",
    "    Really?",
    '  tags: ["a",{"$type":"bigint","value":"1"}]',
    "prompt",
    "  2 + 2?",
    "call 1 openai:gpt-4o-mini at 12:00:00.000",
    "  2 attempts, 200 ms, 12 + 3 tokens, $0.0000100",
    "  attempt 1  after 0 ms  took 120 ms  RateLimitError: 429",
    "  attempt 2  after 1.3 s  took 200 ms  answered",
    "response",
    "  \\u{1b}[2J4",
    "scores",
    "  right false",
    "  metadata",
    '    {"expected":"4"}',
    "metadata",
  ]);
  assertEquals(lines.at(-1), "  … (2,000 more characters: --full)");
  const full = itemLines(record, { label: "e", style: styleOf(false), full: true });
  assertEquals(full.at(-1)?.trim().length, 5_000);
});
