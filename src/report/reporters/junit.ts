/**
 * The reporter `junit`: what CI systems read. An evaluation is a suite, an item a test.
 *
 * An item that ended with an error is a test with an error, and so is an evaluation that did not come to
 * its end; a gate that failed is a failure. A score is no verdict: a wrong answer is
 * part of what a metric measures, so it stands in the test's output and fails nothing.
 *
 * @module
 */
import type { StoredRecord } from "../../storage/stored_record.ts";
import { encode } from "../../values/tagged.ts";
import type { EvaluationReport } from "../experiment_report.ts";
import { reason } from "../gates/gate_lines.ts";
import type { Judgement } from "../gates/judge_gates.ts";
import { metricTitle } from "../metric_text.ts";
import { valueText } from "../numbers.ts";
import type { ReportSource } from "../reporter.ts";
import { shortened } from "../shortened.ts";
import { storedValue } from "../stored_value.ts";
import { unfinishedText } from "../unfinished.ts";
import { evaluationLabel } from "../variant_text.ts";
import { xmlAttribute, xmlText } from "../xml_text.ts";

const MESSAGE = 1_000;
const TEXT = 10_000;
const NAME = 120;

/** The document, in pieces. */
export async function* reporter(source: ReportSource): AsyncGenerator<string> {
  const { report, storage, judgements = [] } = source;
  const { experiment, evaluations } = report;
  const unfinished = evaluations.map((evaluation) => unfinishedText(evaluation, source));
  const more = unfinished.filter((problem) => problem !== undefined).length;
  const failures = judgements.filter(({ passed }) => !passed).length;
  const total = (count: (of: EvaluationReport["stored"]) => number) =>
    evaluations.reduce((sum, { stored }) => sum + count(stored), more);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield tag("testsuites", {
    name: experiment,
    tests: String(total(({ completed }) => completed) + judgements.length),
    failures: String(failures),
    errors: String(total(({ errors }) => errors)),
  });
  if (judgements.length > 0) yield gateSuite(judgements, failures);
  for (const [index, evaluation] of evaluations.entries()) {
    const label = evaluationLabel(evaluation.stored.name, evaluation.variant);
    const records = storage.records(evaluation.stored.id);
    yield* suite(records, { evaluation, label, index, problem: unfinished[index] });
  }
  yield "</testsuites>\n";
}

interface Suite {
  readonly evaluation: EvaluationReport;
  readonly label: string;
  readonly index: number;
  /** Why it is not complete, where it is not. */
  readonly problem: string | undefined;
}

async function* suite(
  records: AsyncIterable<StoredRecord>,
  suite: Suite,
): AsyncGenerator<string> {
  let isOpen = false;
  for await (const record of records) {
    if (!isOpen) yield suiteStart(suite, record.startedAt);
    isOpen = true;
    if (!record.gone) yield testcase(record, suite.label);
  }
  if (!isOpen) yield suiteStart(suite, undefined);
  yield "  </testsuite>\n";
}

/** What stands before the tests of items. */
function suiteStart(
  { evaluation, label, index, problem }: Suite,
  startedAt: number | undefined,
): string {
  const { stored, metrics } = evaluation;
  const more = problem === undefined ? 0 : 1;
  const start = tag("testsuite", {
    name: label,
    id: String(index),
    package: stored.name,
    tests: String(stored.completed + more),
    failures: "0",
    errors: String(stored.errors + more),
    ...startedAt !== undefined && { timestamp: new Date(startedAt).toISOString().slice(0, 19) },
  });
  const properties = metrics.map((metric) => {
    const property = { name: metricTitle(metric), value: valueText(metric.value) };
    return `      ${tag("property", property, "/")}`;
  });
  return [
    `  ${start}`,
    "    <properties>\n",
    ...properties,
    "    </properties>\n",
    problem === undefined ? "" : unfinishedCase(problem, label),
  ].join("");
}

/** The gates: a test each, which fails where the gate does. */
function gateSuite(judgements: readonly Judgement[], failures: number): string {
  const suite = tag("testsuite", {
    name: "gates",
    tests: String(judgements.length),
    failures: String(failures),
    errors: "0",
  });
  const cases = judgements.map((judgement) => {
    const { gate, label, passed } = judgement;
    const name = `${gate.text.trim()}${label === undefined ? "" : ` (${label})`}`;
    const start = tag("testcase", { name, classname: "gates" });
    const end = passed
      ? `      <system-out>${xmlText(reason(judgement))}</system-out>\n`
      : `      ${tag("failure", { type: "GateFailed", message: reason(judgement) }, "/")}`;
    return `    ${start}${end}    </testcase>\n`;
  });
  return `  ${suite}${cases.join("")}  </testsuite>\n`;
}

/** A test that the evaluation itself failed: a part of it is missing. */
function unfinishedCase(problem: string, label: string): string {
  const start = tag("testcase", { name: "comes to its end", classname: label });
  const error = tag("error", { type: "Unfinished", message: problem }, "/");
  return `    ${start}      ${error}    </testcase>\n`;
}

function testcase(record: StoredRecord, label: string): string {
  const { key, repeat, error, durationMs } = record;
  // CI systems follow a test by its name: a row's place in the dataset may change.
  const identity = `${key.slice(0, 8)}${repeat > 0 ? `, repeat ${repeat}` : ""}`;
  const start = tag("testcase", {
    name: `${shortened(record.row, NAME)} (${identity})`,
    classname: label,
    time: (durationMs / 1000).toFixed(3),
  });
  return [
    `    ${start}`,
    ...error === undefined ? [] : [
      `      ${
        tag("error", { type: error.name, message: shortened(error.message, MESSAGE) }).trimEnd()
      }`,
      `${xmlText(shortened(error.stack ?? error.message, TEXT))}</error>\n`,
    ],
    `      <system-out>${xmlText(outputOf(record))}</system-out>\n`,
    "    </testcase>\n",
  ].join("");
}

/** What the item was about, and what came of it. */
function outputOf({ row, position, prompt, response, scores }: StoredRecord): string {
  const parts: readonly (readonly [name: string, stored: string | undefined])[] = [
    [`row ${position}`, row],
    ["prompt", prompt],
    ["response", response],
    ...scores.map(({ name, value }) => [name, encode(value)] as const),
  ];
  return parts.flatMap(([name, stored]) =>
    stored === undefined ? [] : [`${name}: ${shortened(storedValue(stored), TEXT)}`]
  ).join("\n");
}

function tag(name: string, attributes: Readonly<Record<string, string>>, end = ""): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    ` ${key}="${xmlAttribute(value)}"`
  );
  return `<${name}${written.join("")}${end}>\n`;
}
