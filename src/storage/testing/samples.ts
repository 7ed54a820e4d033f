/**
 * Definitions, records and sessions for tests of storages.
 *
 * @module
 */
import { itemsOf, type RecordedKey } from "../recorded_page.ts";
import type { RecordsOptions, SessionHolder, Storage, StorageSession } from "../storage.ts";
import type { EvaluationDefinition, EvaluationId, StoredEvaluation } from "../stored_evaluation.ts";
import type { ItemKey, ItemRecordDraft, StoredRecord } from "../stored_record.ts";

/** Somebody who holds a session: this process. */
export const HOLDER: SessionHolder = {
  host: "workbench",
  pid: Deno.pid,
  version: "0.1.0",
  denoVersion: "2.9.6",
};

/** The key of the nth row. */
export function keyOf(n: number): ItemKey {
  // Multiplied, so that the keys' order is not the rows' order.
  const digits = ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0");
  return (digits + n.toString(16).padStart(24, "0")) as ItemKey;
}

/** A definition; `overrides` replaces parts of it. */
export function definition(overrides: Partial<EvaluationDefinition> = {}): EvaluationDefinition {
  return {
    name: "accuracy",
    variant: "{}",
    fingerprint: { code: "c0de", model: "echo:", major: "0", version: "1" },
    metadata: undefined,
    tags: [],
    ...overrides,
  };
}

/** The record of the nth row of an evaluation; `overrides` replaces parts of it. */
export function record(
  evaluation: StoredEvaluation | EvaluationId,
  n: number,
  overrides: Partial<ItemRecordDraft> = {},
): ItemRecordDraft {
  return {
    evaluation: typeof evaluation === "number" ? evaluation : evaluation.id,
    key: keyOf(n),
    repeat: 0,
    position: n,
    row: `{"question":"${n} + 1?"}`,
    prompt: undefined,
    response: `"${n + 1}"`,
    error: undefined,
    metadata: undefined,
    attempts: 1,
    startedAt: 1_795_000_000_000 + n,
    durationMs: 12.25,
    scores: [{ name: "exactMatch", value: n % 2 === 0, metadata: undefined }],
    calls: [],
    ...overrides,
  };
}

/** The record of a row that ended with an error, and so has no score. */
export function failure(
  evaluation: StoredEvaluation | EvaluationId,
  n: number,
  overrides: Partial<ItemRecordDraft> = {},
): ItemRecordDraft {
  return record(evaluation, n, {
    response: undefined,
    error: { name: "RateLimitError", message: "too many requests", stack: "at there" },
    scores: [],
    ...overrides,
  });
}

/** Records of rows from 0 to `count`. */
export function records(evaluation: StoredEvaluation, count: number): readonly ItemRecordDraft[] {
  return Array.from({ length: count }, (_, n) => record(evaluation, n));
}

/** Begins a session and its one evaluation. */
export async function start(
  storage: Storage,
  experiment = "trial",
): Promise<{ session: StorageSession; evaluation: StoredEvaluation } & AsyncDisposable> {
  const session = await storage.begin(experiment, HOLDER);
  const evaluation = await session.evaluation(definition());
  return { session, evaluation, [Symbol.asyncDispose]: () => session.close() };
}

/** Makes experiments of these names. */
export async function touch(storage: Storage, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { session } = await start(storage, name);
    await session.close();
  }
}

/** All records of an evaluation. */
export async function all(
  storage: Storage,
  evaluation: StoredEvaluation,
  options: RecordsOptions = {},
): Promise<readonly StoredRecord[]> {
  return await Array.fromAsync(storage.records(evaluation.id, options));
}

/** All that a session says is recorded, by key and repeat. */
export async function allKeys(
  session: StorageSession,
  evaluation: StoredEvaluation,
): Promise<readonly RecordedKey[]> {
  const pages = await Array.fromAsync(session.recorded(evaluation.id));
  return pages.flatMap((page) => [...itemsOf(page)]).sort((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : a.repeat - b.repeat
  );
}

/** The only experiment's only evaluation, as it is now. */
export async function now(storage: Storage, experiment = "trial"): Promise<StoredEvaluation> {
  const [evaluation] = await storage.evaluations(experiment);
  if (evaluation === undefined) throw new Error(`The experiment ${experiment} has no evaluation.`);
  return evaluation;
}

/** Lets the clock move on, so that what comes next is later. */
export async function nextMillisecond(): Promise<void> {
  const before = Date.now();
  while (Date.now() <= before + 1) await new Promise((resolve) => setTimeout(resolve, 1));
}
