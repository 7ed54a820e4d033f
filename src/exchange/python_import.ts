/**
 * Imports what the Python dotevals keeps: a folder for an experiment, in it a file for each evaluation,
 * whose first line describes it and whose others are results.
 *
 * Its defects are taken into account: `NaN` that is no JSON, a last line that a crash tore off, results
 * that were added again by a resume that did not find them, and metrics without their parameters.
 *
 * @module
 */
import type { MetricDefinition } from "../storage/stored_metric.ts";
import { isScoreValue } from "../evaluation/score_value.ts";
import { BUILT_IN_NAMES } from "../metrics/builtin.ts";
import { itemKey, nextKey } from "../plan/identity.ts";
import type { ItemKey, RecordedError, RecordedScore } from "../storage/stored_record.ts";
import { encode } from "../values/tagged.ts";
import type { Entry, ResultEntry } from "./entry.ts";
import { Fields, importError } from "./fields.ts";
import { linesIn } from "./import_file.ts";
import { parsePython } from "./python_json.ts";

/** Whether a file is one of the Python dotevals. */
export async function isPythonFile(path: string): Promise<boolean> {
  for await (const { text } of linesIn(path)) {
    try {
      const value = parsePython(text);
      return typeof value === "object" && value !== null && "evaluation_name" in value;
    } catch {
      return false;
    }
  }
  return false;
}

/** The evaluation in a file and its results. */
export async function* entriesOfPython(path: string): AsyncGenerator<Entry> {
  const lines = linesIn(path);
  const first = await lines.next();
  if (first.done === true) throw importError(path, "it is empty");
  const header = headerOf(first.value.text, `${path}, line ${first.value.number}`);
  const evaluation = header.text("evaluation_name");
  const metrics = new Map<string, MetricDefinition>();
  const unknown = new Set<string>();
  const keys = new RowKeys();
  let torn: { readonly number: number; readonly cause: unknown } | undefined;
  for await (const { number, text } of lines) {
    const place = `${path}, line ${torn?.number ?? number}`;
    if (torn) throw importError(place, "it is no JSON", torn.cause);
    let value: unknown;
    try {
      value = parsePython(text);
    } catch (cause) {
      torn = { number, cause };
      continue;
    }
    const fields = new Fields(value, place);
    const { entry, used } = resultOf(fields, { evaluation, keys });
    for (const metric of used) {
      if (BUILT_IN_NAMES.includes(metric.metric)) metrics.set(JSON.stringify(metric), metric);
      else unknown.add(metric.metric);
    }
    yield entry;
  }
  if (torn) {
    yield notice(`${path}, line ${torn.number}, is torn off, as by a crash, and left out.`);
  }
  for (const metric of unknown) {
    yield notice(`${path}: the metric "${metric}" is not one of dotevals, and left out.`);
  }
  yield {
    type: "evaluation",
    definition: {
      name: evaluation,
      variant: "{}",
      fingerprint: { code: "imported from Python", model: "", major: "", version: "" },
      metadata: encode(header.get("metadata") ?? {}),
      tags: [],
    },
    status: header.get("status") === "completed" ? "complete" : "incomplete",
    items: keys.size,
    metrics: [...metrics.values()].map((metric) => ({ ...metric, computed: undefined })),
  };
}

function headerOf(text: string, place: string): Fields {
  try {
    const header = new Fields(parsePython(text), place);
    header.text("evaluation_name");
    return header;
  } catch (cause) {
    throw importError(place, "it does not describe an evaluation of the Python dotevals", cause);
  }
}

function notice(text: string): Entry {
  return { type: "notice", text };
}

interface ReadResult {
  readonly entry: ResultEntry;
  readonly used: readonly MetricDefinition[];
}

function resultOf(
  fields: Fields,
  { evaluation, keys }: { readonly evaluation: string; readonly keys: RowKeys },
): ReadResult {
  // Older versions have prompt and scores in an object of their own.
  const result = fields.get("result") === undefined ? fields : fields.object("result");
  const position = fields.count("item_id");
  const row = fields.get("dataset_row") ?? {};
  const seconds = fields.get("timestamp");
  const scores = result.get("scores") === null ? [] : result.objects("scores");
  const dataset = Object.fromEntries(
    ["dataset_name", "dataset_class"].flatMap((name) => {
      const value = fields.get(name) ?? null;
      return value === null ? [] : [[name, value]];
    }),
  );
  const optional = (value: unknown) => value === null || value === undefined ? undefined : value;
  const prompt = optional(result.get("prompt"));
  const response = optional(result.get("model_response"));
  return {
    used: scores.flatMap((score) => metricsOf(score)),
    entry: {
      type: "result",
      evaluation,
      variant: "{}",
      gone: false,
      record: {
        key: keys.of(row, position),
        position,
        repeat: 0,
        row: encode(row),
        prompt: prompt === undefined ? undefined : encode(prompt),
        response: response === undefined ? undefined : encode(response),
        scores: scores.map(scoreOf),
        error: errorOf(optional(fields.get("error"))),
        metadata: Object.keys(dataset).length === 0 ? undefined : encode(dataset),
        attempts: 1,
        startedAt: typeof seconds === "number" && seconds > 0 ? Math.round(seconds * 1000) : 0,
        durationMs: 0,
        calls: [],
      },
    },
  };
}

function metricsOf(score: Fields): readonly MetricDefinition[] {
  const names = score.get("metrics");
  if (!Array.isArray(names)) return [];
  return names.map((name) => ({
    score: score.text("name"),
    metric: String(name).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    parameters: {},
  }));
}

/** What a score cannot be here, such as a list, becomes its JSON. */
function scoreOf(score: Fields): RecordedScore {
  const value = score.get("value");
  const metadata = score.get("metadata");
  const isEmpty = typeof metadata !== "object" || metadata === null ||
    Object.keys(metadata).length === 0;
  return {
    name: score.text("name"),
    value: isScoreValue(value) ? value : encode(value ?? null),
    metadata: isEmpty ? undefined : encode(metadata),
  };
}

/** `ValueError: no luck` has a class; anything else is an `Error`. */
function errorOf(error: unknown): RecordedError | undefined {
  if (error === undefined) return undefined;
  const text = typeof error === "string" ? error : encode(error);
  const [, name = "Error", message = text] = /^([A-Za-z_]\w*): (.*)$/s.exec(text) ?? [];
  return { name, message, stack: undefined };
}

/** Keys as a run would give them: equal rows are told apart by their order, not by how often they ran. */
class RowKeys {
  readonly #items = new Map<ItemKey, number[]>();

  /** How many items there are. */
  get size(): number {
    return [...this.#items.values()].reduce((sum, items) => sum + items.length, 0);
  }

  /** The key of the row of an item. */
  of(row: unknown, item: number): ItemKey {
    const first = itemKey(row);
    const items = this.#items.get(first) ?? [];
    if (!items.includes(item)) this.#items.set(first, [...items, item]);
    const ordinal = items.includes(item) ? items.indexOf(item) : items.length;
    return nextKey(first, ordinal);
  }
}
