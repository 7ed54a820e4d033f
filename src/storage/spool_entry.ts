/**
 * The lines of a spool file.
 *
 * @module
 */
import { decode, encode } from "../values/tagged.ts";
import type { RecordedCall } from "./recorded_call.ts";
import type { EvaluationId, Fingerprint } from "./stored_evaluation.ts";
import type { MetricDefinition } from "./stored_metric.ts";
import type { ItemRecordDraft } from "./stored_record.ts";

/** The version of the lines that this code writes. */
const SPOOL_VERSION = 1;

/** Whose results a file holds: its first line. Holds no secret. */
export interface SpoolHeader {
  readonly experiment: string;
  /** The storage that the results are for, as messages call it. */
  readonly location: string;
}

/** What an evaluation's number in the lines after this one stands for. */
export interface SpooledEvaluation {
  readonly id: EvaluationId;
  readonly name: string;
  readonly variant: string;
  readonly generation: number;
  readonly fingerprint: Fingerprint;
}

/** One line. */
export type SpoolEntry =
  | { readonly type: "evaluation"; readonly evaluation: SpooledEvaluation }
  | {
    readonly type: "metrics";
    readonly evaluation: EvaluationId;
    readonly metrics: readonly MetricDefinition[];
  }
  | { readonly type: "result"; readonly record: ItemRecordDraft };

/** The first line of a file. */
export function headerLine(header: SpoolHeader): string {
  return `${JSON.stringify({ dotevals: "spool", version: SPOOL_VERSION, ...header })}\n`;
}

/** Undoes {@linkcode headerLine}; `undefined` for what is no header. */
export function parseHeader(
  line: string,
): (SpoolHeader & { readonly isNewer: boolean }) | undefined {
  const header = parsed(line);
  if (header?.dotevals !== "spool") return undefined;
  const { experiment, location, version } = header;
  const isNewer = version !== SPOOL_VERSION;
  return { experiment: String(experiment), location: String(location), isNewer };
}

/** An entry as a line. Values that JSON lacks travel as texts of tagged JSON. */
export function entryLine(entry: SpoolEntry): string {
  return `${JSON.stringify(toLine(entry))}\n`;
}

/** Undoes {@linkcode entryLine}; `undefined` for a line that was not written to its end. */
export function parseEntry(line: string): SpoolEntry | undefined {
  const stored = parsed(line) as StoredLine | undefined;
  switch (stored?.type) {
    case "evaluation":
      return stored;
    case "metrics": {
      const { type, evaluation, metrics } = stored;
      return { type, evaluation, metrics: decode(metrics) as readonly MetricDefinition[] };
    }
    case "result":
      return { type: "result", record: fromStored(stored.record) };
    default:
      return undefined;
  }
}

/** A call without what it lacks. */
type StoredCall = Pick<RecordedCall, "model" | "kind" | "attempts"> & Partial<RecordedCall>;

/** A record without what it lacks, and with the values of its scores as texts. */
interface StoredRecordLine extends Partial<Omit<ItemRecordDraft, "scores" | "calls">> {
  /** Lines of earlier versions have none. */
  readonly calls?: readonly StoredCall[];
  readonly scores: readonly {
    readonly name: string;
    readonly value: string;
    readonly metadata?: string | undefined;
  }[];
}

type StoredLine =
  | Extract<SpoolEntry, { readonly type: "evaluation" }>
  | { readonly type: "metrics"; readonly evaluation: EvaluationId; readonly metrics: string }
  | { readonly type: "result"; readonly record: StoredRecordLine };

function toLine(entry: SpoolEntry): StoredLine {
  switch (entry.type) {
    case "evaluation":
      return entry;
    case "metrics":
      return { ...entry, metrics: encode(entry.metrics) };
    case "result": {
      const scores = entry.record.scores.map((score) => ({ ...score, value: encode(score.value) }));
      return { type: "result", record: { ...entry.record, scores } };
    }
  }
}

function fromStored(stored: StoredRecordLine): ItemRecordDraft {
  const { prompt, response, metadata, error, scores, calls = [] } = stored;
  return {
    ...stored as Omit<ItemRecordDraft, "scores" | "calls">,
    prompt,
    response,
    metadata,
    error: error && { name: error.name, message: error.message, stack: error.stack },
    scores: scores.map(({ name, value, metadata }) => ({
      name,
      value: decode(value) as ItemRecordDraft["scores"][number]["value"],
      metadata,
    })),
    calls: calls.map(wholeCall),
  };
}

function wholeCall(stored: StoredCall): RecordedCall {
  const { latencyMs, timeToFirstTokenMs, cost, finishReason, error, request, response } = stored;
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens, startedAt, tries } = stored;
  return {
    model: stored.model,
    kind: stored.kind,
    attempts: stored.attempts,
    ...startedAt !== undefined && { startedAt },
    ...tries && {
      tries: tries.map(({ sentMs, latencyMs, error }) => ({ sentMs, latencyMs, error })),
    },
    latencyMs,
    timeToFirstTokenMs,
    inputTokens,
    outputTokens,
    cachedTokens,
    reasoningTokens,
    cost,
    finishReason,
    error,
    request,
    response,
  };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}
