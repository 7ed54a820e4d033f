/**
 * Reads lines that `src/report/result_line.ts` wrote.
 *
 * @module
 */
import type { MetricParameter } from "../evaluation/metric.ts";
import { isScoreValue } from "../evaluation/score_value.ts";
import { LINES_VERSION } from "../report/result_line.ts";
import type { CallKind, CallTry, RecordedCall } from "../storage/recorded_call.ts";
import type { RunStatus } from "../storage/stored_evaluation.ts";
import type { ItemKey, RecordedScore } from "../storage/stored_record.ts";
import { decode } from "../values/tagged.ts";
import type { Entry, EvaluationEntry, ImportedMetric, ResultEntry } from "./entry.ts";
import { Fields, importError } from "./fields.ts";

const STATUSES: readonly RunStatus[] = ["running", "incomplete", "complete"];
const KINDS: readonly CallKind[] = ["generate", "embed", "batch"];

/**
 * What a line says; `place` is what messages begin with.
 *
 * @throws {DotevalsError} `import-invalid`
 */
export function parseLine(value: unknown, place: string): Entry {
  const fields = new Fields(value, place);
  switch (fields.get("type")) {
    case "experiment": {
      const version = fields.number("version");
      if (version > LINES_VERSION) {
        throw importError(place, `it is of version ${version}, which is newer than this dotevals`);
      }
      return { type: "experiment", name: fields.text("name") };
    }
    case "evaluation":
      return evaluationOf(fields, place);
    case "result":
      return resultOf(fields, place);
    default:
      throw importError(place, '"type" is neither "experiment", "evaluation" nor "result"');
  }
}

function evaluationOf(fields: Fields, place: string): EvaluationEntry {
  const fingerprint = fields.object("fingerprint");
  const status = fields.text("status") as RunStatus;
  if (!STATUSES.includes(status)) throw importError(place, `"status" is "${status}"`);
  const tags = fields.get("tags");
  return {
    type: "evaluation",
    definition: {
      name: fields.text("name"),
      variant: fields.json("variant"),
      fingerprint: {
        code: fingerprint.text("code"),
        model: fingerprint.text("model"),
        major: fingerprint.text("major"),
        version: fingerprint.text("version"),
      },
      metadata: fields.optionalJson("metadata"),
      tags: Array.isArray(tags) ? tags.map(String) : [],
    },
    status,
    items: fields.count("items"),
    metrics: fields.objects("metrics").map(metricOf),
  };
}

function metricOf(fields: Fields): ImportedMetric {
  const value = fields.get("value");
  const details = fields.optionalJson("details");
  return {
    score: fields.text("score"),
    metric: fields.text("metric"),
    parameters: decode(fields.json("parameters")) as Readonly<Record<string, MetricParameter>>,
    computed: value === undefined ? undefined : {
      value: decode(JSON.stringify(value)) as number | null,
      ...details !== undefined && { details: decode(details) as MetricParameter },
      results: fields.count("results"),
      current: fields.get("current") === true,
    },
  };
}

function resultOf(fields: Fields, place: string): ResultEntry {
  const key = fields.text("key");
  if (!/^[0-9a-f]{32}$/.test(key)) throw importError(place, `"key" is "${key}"`);
  const error = fields.get("error") === undefined ? undefined : fields.object("error");
  return {
    type: "result",
    evaluation: fields.text("evaluation"),
    variant: fields.json("variant"),
    record: {
      key: key as ItemKey,
      position: fields.count("position"),
      repeat: fields.count("repeat"),
      row: fields.json("row"),
      prompt: fields.optionalJson("prompt"),
      response: fields.optionalJson("response"),
      scores: fields.objects("scores").map((score) => scoreOf(score, place)),
      error: error && {
        name: error.text("name"),
        message: error.text("message"),
        stack: error.optionalText("stack"),
      },
      metadata: fields.optionalJson("metadata"),
      attempts: fields.count("attempts"),
      startedAt: fields.time("startedAt"),
      durationMs: fields.number("durationMs"),
      calls: fields.objects("calls").map((call) => callOf(call, place)),
    },
    gone: fields.get("gone") === true,
  };
}

function scoreOf(fields: Fields, place: string): RecordedScore {
  const value = decode(fields.json("value"));
  if (!isScoreValue(value)) throw importError(place, `a score is ${fields.json("value")}`);
  return { name: fields.text("name"), value, metadata: fields.optionalJson("metadata") };
}

function tryOf(fields: Fields): CallTry {
  return {
    sentMs: fields.number("sentMs"),
    latencyMs: fields.number("latencyMs"),
    error: fields.optionalText("error"),
  };
}

function callOf(fields: Fields, place: string): RecordedCall {
  const kind = fields.text("kind") as CallKind;
  if (!KINDS.includes(kind)) throw importError(place, `the kind of a call is "${kind}"`);
  const startedAt = fields.optionalNumber("startedAt");
  return {
    model: fields.text("model"),
    kind,
    attempts: fields.count("attempts"),
    ...startedAt !== undefined && { startedAt },
    ...fields.get("tries") !== undefined && { tries: fields.objects("tries").map(tryOf) },
    latencyMs: fields.optionalNumber("latencyMs"),
    timeToFirstTokenMs: fields.optionalNumber("timeToFirstTokenMs"),
    inputTokens: fields.optionalNumber("inputTokens"),
    outputTokens: fields.optionalNumber("outputTokens"),
    cachedTokens: fields.optionalNumber("cachedTokens"),
    reasoningTokens: fields.optionalNumber("reasoningTokens"),
    cost: fields.optionalNumber("cost"),
    finishReason: fields.optionalText("finishReason"),
    error: fields.optionalText("error"),
    request: fields.optionalJson("request"),
    response: fields.optionalJson("response"),
  };
}
