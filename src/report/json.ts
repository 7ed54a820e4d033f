/**
 * What `list --json`, `show --json` and `run --reporter json` print: the contract of docs/json.md.
 *
 * Text comes in pieces, so that the records of a large experiment are never held all at once.
 *
 * @module
 */
import type { MetricParameter } from "../evaluation/metric.ts";
import type { CallTotals, RecordedCall } from "../storage/recorded_call.ts";
import type { ExperimentSummary } from "../storage/experiment_summary.ts";
import type { Storage } from "../storage/storage.ts";
import type { StoredRecord } from "../storage/stored_record.ts";
import { toTagged } from "../values/tagged.ts";
import type { EvaluationReport, ExperimentReport, ReportedMetric } from "./experiment_report.ts";
import { safeJson } from "./json_text.ts";

/** The version of the document that `show --json` prints. */
const SHOW_VERSION = 1;

/** Which records the document holds. */
export interface ShowJsonOptions {
  /** `all` records of each evaluation, or those with an error; none without it. */
  readonly records?: "all" | "errors" | undefined;
}

/** The text of `list --json`. */
export function listJson(experiments: readonly ExperimentSummary[]): string {
  const entries = experiments.map((experiment) => ({
    name: experiment.name,
    status: experiment.status,
    evaluations: experiment.evaluations,
    items: experiment.items,
    completed: experiment.completed,
    errors: experiment.errors,
    createdAt: experiment.createdAt.toISOString(),
    updatedAt: experiment.updatedAt.toISOString(),
  }));
  return entries.length === 0
    ? "[]\n"
    : safeJson(`[\n${entries.map((entry) => `  ${JSON.stringify(entry)}`).join(",\n")}\n]\n`);
}

/** The text of `show --json`, in pieces; records are read from the storage as they are written. */
export async function* showJson(
  report: ExperimentReport,
  storage: Storage,
  options: ShowJsonOptions = {},
): AsyncGenerator<string> {
  const name = safeJson(JSON.stringify(report.experiment));
  yield `{\n  "version": ${SHOW_VERSION},\n  "experiment": ${name},\n`;
  yield `  "evaluations": [`;
  for (const [index, evaluation] of report.evaluations.entries()) {
    yield `${index === 0 ? "" : ","}\n    {\n${safeJson(evaluationFields(evaluation))}`;
    if (options.records !== undefined) yield* recordsField(evaluation, storage, options.records);
    yield "\n    }";
  }
  yield report.evaluations.length === 0 ? "]\n}\n" : "\n  ]\n}\n";
}

function evaluationFields({ stored, variant, metrics, calls }: EvaluationReport): string {
  const fields: Readonly<Record<string, unknown>> = {
    name: stored.name,
    variant: toTagged(variant),
    status: stored.status,
    items: stored.items,
    completed: stored.completed,
    errors: stored.errors,
    gone: stored.gone,
    metrics: byScore(metrics, ({ value }) => Number.isFinite(value) ? value : null),
    details: byScore(metrics, ({ details }) => details),
    asOf: byScore(metrics, ({ asOf }) => asOf && { ...asOf }),
    calls: calls.map(totalsFields),
  };
  return Object.entries(fields)
    .map(([name, value]) => `      ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(",\n");
}

/** What is not known of calls is `null`. */
function totalsFields(totals: CallTotals): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(totals).map(([name, value]) => [name, value ?? null]));
}

/** `{ SCORE: { METRIC: … } }`; metrics without such a value are left out. */
function byScore(
  metrics: readonly ReportedMetric[],
  pick: (metric: ReportedMetric) => unknown,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const scores = new Map<string, [string, unknown][]>();
  for (const metric of metrics) {
    const picked = pick(metric);
    if (picked === undefined) continue;
    const there = scores.get(metric.score) ?? [];
    scores.set(metric.score, [...there, [metric.metric, picked]]);
  }
  return Object.fromEntries(
    [...scores].map(([score, entries]) => [score, Object.fromEntries(entries)]),
  );
}

async function* recordsField(
  { stored }: EvaluationReport,
  storage: Storage,
  which: "all" | "errors",
): AsyncGenerator<string> {
  yield `,\n      "records": [`;
  let first = true;
  for await (const record of storage.records(stored.id, { errorsOnly: which === "errors" })) {
    if (record.gone) continue;
    yield `${first ? "" : ","}\n        ${safeJson(recordJson(record))}`;
    first = false;
  }
  yield first ? "]" : "\n      ]";
}

/** One record; what the storage keeps encoded is put in as it is. */
function recordJson(record: StoredRecord): string {
  const scores = Object.fromEntries(
    record.scores.map(({ name, value }) => [name, toTagged(value)]),
  );
  const error: MetricParameter = record.error
    ? { name: record.error.name, message: record.error.message, stack: record.error.stack ?? null }
    : null;
  return `{"key":${JSON.stringify(record.key)},"position":${record.position},` +
    `"repeat":${record.repeat},"row":${record.row},"prompt":${record.prompt ?? "null"},` +
    `"response":${record.response ?? "null"},` +
    `"scores":${JSON.stringify(scores)},"error":${JSON.stringify(error)},` +
    `"attempts":${record.attempts},"startedAt":${
      JSON.stringify(new Date(record.startedAt).toISOString())
    },"durationMs":${record.durationMs},"calls":[${record.calls.map(callJson).join(",")}]}`;
}

/** One call; texts that are the item's own are left out. */
function callJson({ request, response, ...call }: RecordedCall): string {
  const fields = JSON.stringify({
    model: call.model,
    kind: call.kind,
    attempts: call.attempts,
    latencyMs: call.latencyMs ?? null,
    timeToFirstTokenMs: call.timeToFirstTokenMs ?? null,
    inputTokens: call.inputTokens ?? null,
    outputTokens: call.outputTokens ?? null,
    cachedTokens: call.cachedTokens ?? null,
    reasoningTokens: call.reasoningTokens ?? null,
    cost: call.cost ?? null,
    finishReason: call.finishReason ?? null,
    error: call.error ?? null,
  });
  return `${fields.slice(0, -1)}${request === undefined ? "" : `,"request":${request}`}${
    response === undefined ? "" : `,"response":${response}`
  }}`;
}
