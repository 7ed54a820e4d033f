import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { assertType, type IsExact } from "@std/testing/types";
import fc from "fast-check";
import { BAD_ROW, isBadRow } from "../evaluation/bad_row.ts";
import { foreach } from "../evaluation/foreach.ts";
import { DotevalsError } from "../errors.ts";
import { jsonl } from "./jsonl.ts";
import { type Rows, rows } from "./rows.ts";
import { fileOf } from "./testing/files.ts";
import { serve } from "./testing/server.ts";

const numbers = Array.from({ length: 1000 }, (_, n) => ({ n }));

Deno.test("rows() selects columns of objects and of arrays, typed", async () => {
  const fromObjects = rows([{ a: 1, b: "x", c: true }]).select("a, b");
  assertType<IsExact<typeof fromObjects, Rows<{ readonly a: number; readonly b: string }>>>(true);
  assertEquals(await Array.fromAsync(fromObjects), [{ a: 1, b: "x" }]);
  const pairs: [number, string][] = [[1, "x"]];
  assertEquals(await Array.fromAsync(rows(pairs).select("a,b")), [{ a: 1, b: "x" }]);
  // @ts-expect-error there is no such column
  rows([{ a: 1 }]).select("b");
});

Deno.test("rows() is a dataset of foreach, whose columns it types", () => {
  const dataset = rows([{ a: 1 }]).map(({ a }) => ({ text: String(a) }));
  foreach("text", dataset, ({ text }) => {
    assertType<IsExact<typeof text, string>>(true);
    return [];
  });
  // @ts-expect-error there is no such column
  foreach("a", dataset, () => []);
});

Deno.test("rows() maps and filters, also asynchronously, from the start at each iteration", async () => {
  const even = rows(function* () {
    yield* numbers;
  }).filter(({ n }) => Promise.resolve(n % 2 === 0)).map(async ({ n }) => await n * 10).take(3);
  assertEquals(await Array.fromAsync(even), [0, 20, 40]);
  assertEquals(await Array.fromAsync(even), [0, 20, 40]);
});

Deno.test("a row that a function cannot take becomes a bad row, and the others go on", async () => {
  const name = (row: unknown) => isBadRow(row) ? row[BAD_ROW].error.message : row;
  const texts = [{ text: "a" }, {}, { text: "c" }] as { text: string }[];
  const upper = rows(texts).map(({ text }) => text.toUpperCase()).filter(() => true);
  const [first, second, third] = await Array.fromAsync(upper, name);
  assertEquals([first, third], ["A", "C"]);
  assert(String(second).startsWith("Cannot read properties of undefined"));
  const some = rows(texts).filter(({ text }) => text.length > 0).select("text");
  assert(String(await Array.fromAsync(some, name)).includes("Cannot read properties"));
  const missing = await Array.fromAsync(rows(texts).select("text"), name);
  assertEquals(missing[1], 'Row 1 has no column "text": it has no columns.');
});

Deno.test("rows() passes a bad row of a file through every step", async () => {
  await using file = await fileOf('{"n":1}\nnonsense\n{"n":3}\n');
  const all = rows(jsonl<{ n: number }>(file.path));
  const made = all.map(({ n }) => ({ n: n + 1 })).filter(({ n }) => n > 2).select("n").shuffle(1);
  const found = await Array.fromAsync(made);
  assertEquals(found.filter((row) => !isBadRow(row)), [{ n: 4 }]);
  assertEquals(found.map((row) => isBadRow(row) && row[BAD_ROW].text).filter(Boolean), [
    "nonsense",
  ]);
  const { a, b } = all.split({ a: 0.5, b: 0.5 });
  const parts = [...await Array.fromAsync(a), ...await Array.fromAsync(b)];
  assertEquals(parts.filter(isBadRow).length, 1);
});

Deno.test("take() asks for no row beyond the last, and take(0) for none", async () => {
  let pulled = 0;
  let closed = 0;
  const counted = rows(function* () {
    try {
      while (true) yield pulled++;
    } finally {
      closed++;
    }
  });
  assertEquals(await Array.fromAsync(counted.map((n) => n).take(2)), [0, 1]);
  assertEquals([pulled, closed], [2, 1]);
  assertEquals(await Array.fromAsync(counted.take(0)), []);
  assertEquals(pulled, 2);
});

Deno.test("shuffle() gives every row once, in an order that the seed decides", async () => {
  const order = (seed: number) => Array.fromAsync(rows(numbers).shuffle(seed), ({ n }) => n);
  const one = await order(1);
  assertEquals(await order(1), one);
  assertNotEquals(await order(2), one);
  assertNotEquals(one, numbers.map(({ n }) => n));
  assertEquals(one.toSorted((a, b) => a - b), numbers.map(({ n }) => n));
});

Deno.test("sample() draws rows in their order, each as likely as another", async () => {
  assertEquals(await Array.fromAsync(rows([1, 2, 3]).sample(5, 0)), [1, 2, 3]);
  const drawn = new Map<number, number>();
  for (let seed = 0; seed < 4000; seed++) {
    const sample = await Array.fromAsync(rows([0, 1, 2, 3]).sample(2, seed));
    assertEquals(sample, sample.toSorted());
    for (const n of sample) drawn.set(n, (drawn.get(n) ?? 0) + 1);
  }
  // Half of 4,000 each; the standard deviation is 32.
  for (const count of drawn.values()) assert(Math.abs(count - 2000) < 160, `${count}`);
});

Deno.test("split() puts each row into one part, near the shares", async () => {
  const { train, test } = rows(numbers).split({ train: 0.8, test: 0.2 });
  const [first, second] = [await Array.fromAsync(train), await Array.fromAsync(test)];
  assertEquals([...first, ...second].toSorted((a, b) => a.n - b.n), numbers);
  assert(Math.abs(second.length - 200) < 64, `${second.length}`); // 5 standard deviations
  const other = await Array.fromAsync(rows(numbers).split({ test: 0.2 }, 7).test);
  assertNotEquals(other, second);
});

Deno.test("split() leaves a row in its part when the dataset is reordered, extended or holds it twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string()), fc.array(fc.string()), async (some, more) => {
      const part = async (of: string[]) =>
        new Set(await Array.fromAsync(rows(of).split({ train: 0.5, test: 0.5 }).test));
      const before = await part(some);
      const after = await part([...more, ...some.toReversed(), ...some]);
      for (const row of some) assertEquals(after.has(row), before.has(row));
    }),
    { numRuns: 50 },
  );
});

Deno.test("shares whose sum is a little off 1 leave no row out", async () => {
  const parts = rows(numbers).split({ a: 0.7, b: 0.2, c: 0.1 });
  let count = 0;
  for (const part of Object.values(parts)) for await (const _ of part) count++;
  assertEquals(count, numbers.length);
});

Deno.test("rows() refuses counts, seeds and shares that make no sense", () => {
  const all = rows(numbers);
  for (const wrong of [-1, 1.5, NaN]) {
    assertThrows(() => all.take(wrong), RangeError, "take()");
    assertThrows(() => all.sample(wrong, 0), RangeError, "sample()");
  }
  assertThrows(() => all.shuffle(0.5), RangeError, "seed");
  assertThrows(() => all.split({ a: 0 }), RangeError, "above 0");
  assertThrows(() => all.split({ a: 0.6, b: 0.6 }), RangeError, "in sum");
});

Deno.test("rows() refuses an iterator that was read before", async () => {
  const once = rows([1, 2].values()).map((n) => n);
  await Array.fromAsync(once);
  await assertRejects(async () => await Array.fromAsync(once), DotevalsError, "read before");
});

Deno.test("return() ends a pipeline whose source has stalled", async () => {
  await using server = serve(() =>
    new Response(
      new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"n":1}\n{')) }),
    )
  );
  const made = rows(jsonl<{ n: number }>(server.url, { cache: false })).map(({ n }) => n).filter(
    () => true,
  );
  const iterator = made[Symbol.asyncIterator]();
  assertEquals((await iterator.next()).value, 1);
  const stalled = iterator.next();
  await iterator.return?.();
  assertEquals((await stalled).done, true);
});
