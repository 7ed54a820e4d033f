/**
 * Cases about values that are easy to spoil: odd names, odd numbers, large texts.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals, assertStrictEquals } from "@std/assert";
import type { ScoreValue } from "../../evaluation/score_value.ts";
import type { StorageCase } from "./storage_case.ts";
import { all, definition, failure, HOLDER, now, record, start } from "./samples.ts";

/** Texts that quoting, encoding or splitting may spoil. */
const TEXTS = [
  "org/model",
  `it's "quoted", \`so\``,
  "two\nlines\r\n\ttab",
  "ends with NUL\0",
  "\0starts with it",
  "lone \ud800 surrogate",
  "\udfff",
  "😀 naïve 数",
  "\u001a",
  `\u001a"json"`,
  "%'; DROP TABLE items; --",
  "$type",
  "",
  "x".repeat(100_000),
];

const VALUES: readonly ScoreValue[] = [
  true,
  false,
  0,
  -0,
  1,
  -1,
  0.1,
  1 / 3,
  1e300,
  5e-324,
  -1.7976931348623157e308,
  2 ** 53,
  999_999_999_999_999,
  1_000_000_000_000_001,
  NaN,
  Infinity,
  -Infinity,
  ...TEXTS,
  {},
  { precision: 0.1, label: "a", right: true, missing: null, [`odd "name"`]: NaN },
];

/** What a storage must keep as it is. */
export const valueCases: readonly StorageCase[] = [
  {
    name: "keeps odd names of experiments and evaluations, and tells them apart",
    async run({ storage }) {
      for (const text of TEXTS) {
        await using session = await storage.begin(text, { ...HOLDER, host: text });
        const evaluation = await session.evaluation(
          definition({ name: text, variant: text, metadata: text, tags: [text] }),
        );
        await session.commit([record(evaluation, 0)]);
      }
      const names = (await storage.experiments()).map(({ name }) => name);
      assertEquals(names.toSorted(), TEXTS.toSorted());
      for (const text of TEXTS) {
        const found = await now(storage, text);
        assertEquals([found.name, found.variant, found.metadata, found.tags], [
          text,
          text,
          text,
          [text],
        ]);
        assertEquals(found.completed, 1);
        await using session = await storage.begin(text, HOLDER);
        assertEquals((await session.find(text, text))?.id, found.id);
      }
      await storage.rename("org/model", "org/\0other");
      assertEquals((await storage.experiment("org/\0other"))?.completed, 1);
    },
  },
  {
    name: "keeps odd texts in records",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const drafts = TEXTS.map((text, n) =>
        failure(evaluation, n, {
          row: JSON.stringify(text),
          prompt: text,
          response: text,
          metadata: text,
          error: { name: text, message: text, stack: text },
          scores: [{ name: text, value: text, metadata: text }],
        })
      );
      await session.commit(drafts);
      assertEquals(
        await all(storage, evaluation),
        drafts.map((draft) => ({ ...draft, gone: false })),
      );
      const sums = await storage.aggregates(evaluation.id);
      assertEquals([...sums.keys()].toSorted(), TEXTS.toSorted());
      for (const text of TEXTS) {
        assertEquals(await Array.fromAsync(storage.scoreValues(evaluation.id, text)), [text]);
      }
    },
  },
  {
    name: "keeps score values of every kind exactly",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit(
        VALUES.map((value, n) =>
          record(evaluation, n, { scores: [{ name: "value", value, metadata: undefined }] })
        ),
      );
      const stored = (await all(storage, evaluation)).map(({ scores }) => scores[0]?.value);
      for (const [n, value] of VALUES.entries()) assertSame(stored[n], value);
      const values = await Array.fromAsync(storage.scoreValues(evaluation.id, "value"));
      assertEquals(values.length, VALUES.length);
      for (const [n, value] of VALUES.entries()) assertSame(values[n], value);
    },
  },
  {
    name: "keeps random doubles exactly",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const bits = crypto.getRandomValues(new BigUint64Array(500));
      const doubles = [...new Float64Array(bits.buffer)].filter(Number.isFinite);
      await session.commit(doubles.map((value, n) =>
        record(evaluation, n, {
          startedAt: 1_795_000_000_000 + n / 7,
          durationMs: n / 3,
          scores: [{ name: "value", value, metadata: undefined }],
        })
      ));
      for (const [n, stored] of (await all(storage, evaluation)).entries()) {
        assertStrictEquals(stored.scores[0]?.value, doubles[n]);
        assertStrictEquals(stored.startedAt, 1_795_000_000_000 + n / 7);
        assertStrictEquals(stored.durationMs, n / 3);
      }
    },
  },
  {
    name: "sums booleans and numbers, and counts all else without summing it",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const columns: Readonly<Record<string, readonly ScoreValue[]>> = {
        mixed: [true, false, 2.5, "text", { part: 1 }],
        thirds: [1 / 3, 1 / 3, 1 / 3],
        nothing: [NaN, 1],
        more: [Infinity, 1, true],
        undefined: [Infinity, -Infinity],
        less: [-Infinity, 5],
      };
      let n = 0;
      for (const [name, values] of Object.entries(columns)) {
        await session.commit(
          values.map((value) =>
            record(evaluation, n++, { scores: [{ name, value, metadata: undefined }] })
          ),
        );
      }
      await session.commit([failure(evaluation, n)]);
      const sums = await storage.aggregates(evaluation.id);
      const all = { booleans: 0, repeats: 1, errors: 1 };
      const mixed = { count: 5, sum: 3.5, numeric: 3, squares: 7.25 };
      assertEquals(sums.get("mixed"), { ...all, ...mixed, booleans: 2 });
      assertAlmostEquals(sums.get("thirds")?.sum ?? NaN, 1);
      assertAlmostEquals(sums.get("thirds")?.squares ?? NaN, 1 / 3);
      assertEquals(sums.get("nothing"), { ...all, count: 2, sum: NaN, numeric: 2, squares: NaN });
      const infinite = { sum: Infinity, squares: Infinity };
      assertEquals(sums.get("more"), { ...all, ...infinite, count: 3, numeric: 3, booleans: 1 });
      assertEquals(sums.get("undefined"), { ...all, ...infinite, count: 2, numeric: 2, sum: NaN });
      assertEquals(sums.get("less"), { ...all, ...infinite, count: 2, numeric: 2, sum: -Infinity });
    },
  },
  {
    name: "keeps records of millions of characters",
    async run({ storage, largestText }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const large = JSON.stringify("ab\u00e9".repeat(largestText / 3));
      await session.commit([
        record(evaluation, 0, { response: large }),
        record(evaluation, 1),
        record(evaluation, 2, { row: large }),
      ]);
      const stored = await all(storage, evaluation);
      assertEquals(stored.map(({ position }) => position), [0, 1, 2]);
      assertStrictEquals(stored[0]?.response, large);
      assertStrictEquals(stored[2]?.row, large);
    },
  },
  {
    name: "gives long texts that are scores",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const value = "long ".repeat(10_000);
      await session.commit(
        Array.from(
          { length: 200 },
          (_, n) =>
            record(evaluation, n, { scores: [{ name: "text", value, metadata: undefined }] }),
        ),
      );
      let found = 0;
      for await (const text of storage.scoreValues(evaluation.id, "text")) {
        found += text === value ? 1 : 0;
      }
      assertEquals(found, 200);
    },
  },
];

function assertSame(actual: unknown, expected: unknown): void {
  if (typeof expected === "object") assertEquals(actual, expected);
  else assertStrictEquals(actual, expected);
}
