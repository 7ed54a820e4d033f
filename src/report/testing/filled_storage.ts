/**
 * Experiments in a real storage, for tests of what reads them.
 *
 * @module
 */
import { FakeClock } from "../../testing/fake_clock.ts";
import { openStorage } from "../../storage/open.ts";
import type { Storage, StorageSession } from "../../storage/storage.ts";
import type { EvaluationDefinition } from "../../storage/stored_evaluation.ts";
import type { MetricDefinition } from "../../storage/stored_metric.ts";
import type { ItemKey, ItemRecordDraft } from "../../storage/stored_record.ts";
import type { RecordedCall } from "../../storage/recorded_call.ts";
import { encode } from "../../values/tagged.ts";
import { record } from "./session_events.ts";

/** What one evaluation of an experiment is to hold. */
export interface Filling {
  readonly name: string;
  readonly variant?: Readonly<Record<string, unknown>>;
  readonly records: readonly Partial<ItemRecordDraft>[];
  readonly metrics?: readonly MetricDefinition[];
  readonly items?: number;
  readonly status?: "complete" | "incomplete";
  /** Runs before the evaluation is finished. */
  readonly also?: (session: StorageSession, id: ItemRecordDraft["evaluation"]) => Promise<void>;
}

/** Writes evaluations into an experiment. */
export async function fill(
  storage: Storage,
  experiment: string,
  fillings: readonly Filling[],
): Promise<void> {
  await using session = await storage.begin(experiment, {
    host: "test",
    pid: 1,
    version: "0.1.0",
    denoVersion: Deno.version.deno,
  });
  for (const filling of fillings) {
    const { id } = await session.evaluation(definitionOf(filling));
    await session.commit([], [{ evaluation: id, metrics: filling.metrics ?? [] }]);
    const records = filling.records.map((more, position) =>
      record(position, { row: encode({ n: position }), ...more, evaluation: id })
    );
    if (records.length > 0) await session.commit(records);
    await filling.also?.(session, id);
    await session.finish(id, filling.status ?? "complete", filling.items ?? records.length);
  }
}

/** The experiment `demo`, as most tests want it. */
export async function fillDemo(storage: Storage): Promise<void> {
  const match = (value: boolean) => ({
    scores: [{ name: "exactMatch", value, metadata: undefined }],
    response: encode(value ? "yes" : "no"),
  });
  const failed = (message: string) => ({
    error: { name: "TypeError", message, stack: `TypeError: ${message}\n    at x.ts:1:1` },
    attempts: 3,
  });
  const accuracy: MetricDefinition = { score: "exactMatch", metric: "accuracy", parameters: {} };
  await fill(storage, "demo", [
    {
      name: "arithmetic",
      variant: { model: "echo:" },
      records: [match(true), match(true), match(false), failed("boom"), failed("boom")],
      metrics: [accuracy],
    },
    {
      name: "arithmetic",
      variant: { model: "openai:gpt-4o-mini", style: "terse" },
      records: [match(true), match(false)],
      metrics: [accuracy],
      items: 1_200,
      status: "incomplete",
    },
    {
      name: "extraction",
      records: [
        {
          row: encode({ when: new Date(0), id: 5n }),
          prompt: encode("What?\nWhy?"),
          response: encode("\x1b[2Jred\u202E"),
          scores: [
            { name: "f1", value: 0.5, metadata: undefined },
            { name: "parts", value: { name: true, size: 3 }, metadata: undefined },
          ],
        },
        { scores: [{ name: "f1", value: NaN, metadata: undefined }] },
      ],
      metrics: [
        { score: "f1", metric: "median", parameters: {} },
        { score: "f1", metric: "within", parameters: { error: 0.1 } },
        { score: "f1", metric: "within", parameters: { error: 0.2 } },
      ],
      async also(session, id) {
        await session.storeMetrics(id, [
          {
            score: "f1",
            metric: "median",
            parameters: {},
            value: 0.5,
            details: { interval: [0, 1] },
          },
        ]);
        await session.commit([
          record(2, {
            evaluation: id,
            key: "a".repeat(32) as ItemKey,
            scores: [{ name: "f1", value: 1, metadata: undefined }],
          }),
        ]);
      },
    },
  ]);
}

/** A call that answered, of which nothing else is known. */
export const CALL: RecordedCall = {
  model: "openai:gpt-4o-mini",
  kind: "generate",
  attempts: 1,
  latencyMs: 200,
  timeToFirstTokenMs: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  cachedTokens: undefined,
  reasoningTokens: undefined,
  cost: undefined,
  finishReason: "stop",
  error: undefined,
  request: undefined,
  response: undefined,
};

/** The experiment `calls`: its second item asked twice, and one price is not known. */
export async function fillCalls(storage: Storage): Promise<void> {
  const texts = { prompt: encode("2 + 2?"), response: encode("4") };
  await fill(storage, "calls", [{
    name: "sums",
    variant: { model: "openai:gpt-4o-mini" },
    records: [
      {
        ...texts,
        calls: [
          { ...CALL, latencyMs: 400, inputTokens: 1_000, outputTokens: 100, cost: 0.000_21 },
          { ...CALL, model: "judge", attempts: 4, error: "TypeError: no", request: encode("ok?") },
        ],
      },
      { ...texts, calls: [{ ...CALL, inputTokens: 1_400 }] },
      {},
    ],
  }]);
}

function definitionOf({ name, variant = {} }: Filling): EvaluationDefinition {
  return {
    name,
    variant: encode(variant),
    fingerprint: { code: "c", model: "", major: "0", version: "" },
    metadata: undefined,
    tags: [],
  };
}

/** A storage in memory that holds the experiment `demo`. */
export async function demoStorage(): Promise<Storage> {
  const storage = await openStorage("memory:", { mode: "write", clock: new FakeClock() });
  await fillDemo(storage);
  return storage;
}
