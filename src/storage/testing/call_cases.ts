/**
 * Cases about calls: stored with their items, and added up.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { addUp, type RecordedCall } from "../recorded_call.ts";
import type { Storage } from "../storage.ts";
import type { StoredEvaluation } from "../stored_evaluation.ts";
import { bareCall } from "./bare_call.ts";
import type { StorageCase } from "./storage_case.ts";
import { all, failure, keyOf, record, start } from "./samples.ts";

/** A call that answered; `overrides` replaces parts of it. */
function call(overrides: Partial<RecordedCall> = {}): RecordedCall {
  return {
    model: "openai:gpt-4o-mini",
    kind: "generate",
    attempts: 1,
    latencyMs: 312.125,
    timeToFirstTokenMs: 40.5,
    inputTokens: 1_000,
    outputTokens: 100,
    cachedTokens: 200,
    reasoningTokens: 30,
    cost: 0.000_21,
    finishReason: "stop",
    error: undefined,
    request: undefined,
    response: undefined,
    ...overrides,
  };
}

/** A call that knows of itself only that it failed. */
const FAILED = bareCall({
  model: "judge",
  attempts: 4,
  latencyMs: 312.125,
  error: "RateLimitError: 429",
  request: `{"messages":[]}`,
});

/** The attempts of a call. */
const TRIES = [
  { sentMs: 0.125, latencyMs: 40.5, error: "RateLimitError: 429 \0 \ud800" },
  { sentMs: 1_000, latencyMs: 312.125, error: undefined },
];

/** The totals must be what the rows say: they are kept apart from these. */
async function assertTotals(storage: Storage, evaluation: StoredEvaluation): Promise<void> {
  const records = (await all(storage, evaluation)).filter(({ gone }) => !gone);
  const expected = addUp(records.flatMap(({ calls }) => calls));
  assertEquals(await storage.callTotals(evaluation.id), expected);
}

/** What a storage must do with calls. */
export const callCases: readonly StorageCase[] = [
  {
    name: "gives calls back in their order, and adds them up by model",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const texts = { request: `"a\\u0000b"`, response: `"\\ud800"`, finishReason: "\0\ud800" };
      const drafts = [
        record(evaluation, 0, { calls: [call(), FAILED, call(texts)] }),
        failure(evaluation, 1, { calls: [FAILED] }),
        record(evaluation, 2, {
          calls: [
            call({ kind: "embed" }),
            call({ kind: "batch", startedAt: 1_795_000_000_000.5, tries: TRIES }),
          ],
        }),
        record(evaluation, 3),
      ];
      await session.commit(drafts);
      const stored = await all(storage, evaluation);
      assertEquals(stored.map(({ calls }) => calls), drafts.map(({ calls }) => calls));
      assertEquals(await storage.callTotals(evaluation.id), [
        {
          model: "judge",
          calls: 2,
          failed: 2,
          inputTokens: undefined,
          outputTokens: undefined,
          cachedTokens: undefined,
          reasoningTokens: undefined,
          priced: 0,
          cost: undefined,
          meanLatencyMs: undefined,
        },
        {
          model: "openai:gpt-4o-mini",
          calls: 4,
          failed: 0,
          inputTokens: 4_000,
          outputTokens: 400,
          cachedTokens: 800,
          reasoningTokens: 120,
          priced: 4,
          cost: 0.000_84,
          meanLatencyMs: 312.125,
        },
      ]);
    },
  },
  {
    name: "adds no call up twice, and takes off those of what is replaced",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const drafts = [
        record(evaluation, 0, { calls: [call({ cost: 0.1 }), call({ cost: 0.2 })] }),
        failure(evaluation, 1, { calls: [call({ cost: 0.7 }), FAILED] }),
      ];
      await session.commit(drafts);
      await session.commit(drafts);
      await assertTotals(storage, evaluation);
      await session.commit([failure(evaluation, 1, { calls: [FAILED, FAILED] })]);
      await assertTotals(storage, evaluation);
      await session.commit([record(evaluation, 1, { calls: [call({ model: "other" })] })]);
      await assertTotals(storage, evaluation);
      const totals = await storage.callTotals(evaluation.id);
      assertEquals(totals.map(({ model, calls, cost }) => [model, calls, cost]), [
        ["openai:gpt-4o-mini", 2, 0.3],
        ["other", 1, 0.000_21],
      ]);
    },
  },
  {
    name: "counts calls of what is gone no more, until it is back",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit([
        record(evaluation, 0, { calls: [call(), call(), FAILED] }),
        record(evaluation, 1, { calls: [call()] }),
      ]);
      const item = [{ key: keyOf(0), repeat: 0 }];
      for (const gone of [true, true, false, false]) {
        await session.mark(evaluation.id, item, gone);
        await assertTotals(storage, evaluation);
        const [{ calls } = { calls: 0 }] = (await storage.callTotals(evaluation.id)).slice(-1);
        assertEquals(calls, gone ? 1 : 3);
      }
    },
  },
];
