import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { memoryStorage } from "./memory.ts";
import { openStorage } from "./open.ts";
import type { PairedPart } from "./paired_scores.ts";
import type { Storage } from "./storage.ts";
import type { ItemKey, RecordedScore } from "./stored_record.ts";
import { failure, record, start } from "./testing/samples.ts";

/** An item as it is to be: of one of few rows, with one of few scores. */
interface Item {
  readonly row: number;
  readonly repeat: number;
  readonly outcome: RecordedScore["value"] | "failed";
  readonly score: string;
  readonly gone: boolean;
}

const items = fc.uniqueArray(
  fc.record<Item>({
    row: fc.nat(5),
    repeat: fc.nat(2),
    outcome: fc.oneof(
      fc.boolean(),
      // Eighths add up exactly, in any order.
      fc.integer({ min: -8, max: 8 }).map((eighths) => eighths / 8),
      fc.constantFrom<Item["outcome"]>("failed", NaN, Infinity, "text!", { a: 1 }),
    ),
    score: fc.constantFrom("x", "y"),
    gone: fc.boolean(),
  }),
  { selector: ({ row, repeat }) => `${row} ${repeat}`, maxLength: 14 },
);

function keyOf(row: number): ItemKey {
  return String(row).repeat(32) as ItemKey;
}

/** What a storage says of two evaluations that hold these items. */
async function pairsOf(storage: Storage, name: string, sides: readonly (readonly Item[])[]) {
  const ids = [];
  for (const [side, all] of sides.entries()) {
    await using started = await start(storage, `${name} ${side}`);
    const { session, evaluation } = started;
    const drafts = all.map(({ row, repeat, outcome, score }, position) => {
      const place = { key: keyOf(row), repeat };
      return outcome === "failed" ? failure(evaluation, position, place) : record(
        evaluation,
        position,
        { ...place, scores: [{ name: score, value: outcome, metadata: undefined }] },
      );
    });
    if (drafts.length > 0) await session.commit(drafts);
    const gone = all.filter(({ gone }) => gone);
    const marked = gone.map(({ row, repeat }) => ({ key: keyOf(row), repeat }));
    if (marked.length > 0) await session.mark(evaluation.id, marked, true);
    ids.push(evaluation.id);
  }
  const [first, second] = ids;
  if (first === undefined || second === undefined) throw new Error("There are two sides.");
  return inOrder(await Array.fromAsync(storage.pairedScores(first, second, { keys: 9 })));
}

function inOrder([part, ...more]: readonly PairedPart[]) {
  assertEquals(more, []);
  const texts = part?.scores.map((group) => JSON.stringify(group)).toSorted();
  return { counts: part?.counts, scores: texts };
}

Deno.test("a database counts pairs as the storage in memory does, whatever there is", async () => {
  const folder = await Deno.makeTempDir();
  await using database = await openStorage(`file:${folder}/pairs.db`, { mode: "write" });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(items, items, async (first, second) => {
      const name = `run ${run++}`;
      await using memory = memoryStorage();
      const expected = await pairsOf(memory, name, [first, second]);
      assertEquals(await pairsOf(database, name, [first, second]), expected);
    }),
    { numRuns: 60 },
  );
  await database[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});
