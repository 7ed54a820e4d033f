/**
 * Results to be stored, and the storage to store them in.
 *
 * @module
 */
import { openStorage } from "../src/storage/open.ts";
import type { EvaluationId } from "../src/storage/stored_evaluation.ts";
import type { ItemKey, ItemRecordDraft } from "../src/storage/stored_record.ts";

/** How often each figure is measured. */
export const TIMES = 3;

/** Results of one commit. */
const COMMIT = 1_000;

/** The sizes of results, in bytes, and how many of each. */
export const SIZES = [
  { name: "200 B", bytes: 200, results: 20_000 },
  { name: "2 KB", bytes: 2_000, results: 20_000 },
  { name: "20 KB", bytes: 20_000, results: 5_000 },
];

/** Results of one size. */
export type Size = (typeof SIZES)[number];

/** Results whose rows and responses together have so many bytes. */
export function results(count: number, bytes: number, evaluation: number): ItemRecordDraft[] {
  return Array.from({ length: count }, (_, position) => ({
    evaluation: evaluation as EvaluationId,
    key: crypto.randomUUID().replaceAll("-", "") as ItemKey,
    repeat: 0,
    position,
    row: JSON.stringify({ text: text(position, bytes / 2) }),
    prompt: undefined,
    response: JSON.stringify(text(position, bytes / 2)),
    error: undefined,
    metadata: undefined,
    attempts: 1,
    startedAt: Date.now(),
    durationMs: 12.5,
    scores: [{ name: "exactMatch", value: position % 3 === 0, metadata: undefined }],
    calls: [{
      model: "openai:gpt-4o-mini",
      kind: "generate",
      attempts: 1,
      latencyMs: 312.125 + position % 7,
      timeToFirstTokenMs: undefined,
      inputTokens: 100 + position % 50,
      outputTokens: 20,
      cachedTokens: 0,
      reasoningTokens: undefined,
      cost: 0.000_027,
      finishReason: "stop",
      error: undefined,
      request: undefined,
      response: undefined,
    }],
  }));
}

function text(position: number, length: number): string {
  return `${position} lorem ipsum dolor "sit" amet `.repeat(Math.ceil(length / 30)).slice(
    0,
    length,
  );
}

/** Calls `commit` for one group of results after the other; returns results a second. */
export async function rate(
  all: readonly ItemRecordDraft[],
  commit: (group: readonly ItemRecordDraft[]) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  for (let at = 0; at < all.length; at += COMMIT) await commit(all.slice(at, at + COMMIT));
  return all.length * 1000 / (performance.now() - start);
}

/** A new database with an evaluation in it. */
export async function prepare(location: string, spool?: string) {
  const storage = await openStorage(location, {
    mode: "write",
    ...spool !== undefined && { spool },
  });
  const holder = { host: "bench", pid: Deno.pid, version: "0", denoVersion: Deno.version.deno };
  const session = await storage.begin("bench", holder);
  const evaluation = await session.evaluation({
    name: "bench",
    variant: "{}",
    fingerprint: { code: "", model: "", major: "0", version: "" },
    metadata: undefined,
    tags: [],
  });
  return { storage, session, evaluation: evaluation.id };
}
