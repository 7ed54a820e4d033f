import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { ComparedPair, ComparedScore } from "./comparison.ts";
import { comparisonLines } from "./comparison_lines.ts";
import {
  cavo,
  compare,
  type Draft,
  failed,
  keyOf,
  only,
  refused,
  row,
  rows,
} from "./testing/compared.ts";

Deno.test("booleans are compared by McNemar's exact test and Tango's interval", async () => {
  const { pair, score } = only(await compare({ before: cavo("first"), after: cavo("second") }));
  assertEquals(pair.counts.both, 161);
  assertEquals(score.changes, { both: 59, gained: 16, lost: 6, neither: 80 });
  assertEquals([score.test, score.isShare, score.rows], ["mcnemar", true, 161]);
  assertAlmostEquals(score.difference, 0.0621, 0.00005);
  assertAlmostEquals(score.p, 0.0525, 0.00005);
  assertAlmostEquals(score.interval?.low ?? NaN, 0.0054, 0.00005);
  assertAlmostEquals(score.interval?.high ?? NaN, 0.1240, 0.00005);
  assertEquals(score.verdict, "unclear");
  assert((score.leastDifference ?? 0) > 0.07 && (score.rowsToDecide ?? 0) > 161);
});

Deno.test("numbers are compared by flips of signs and Student's interval", async () => {
  const sleep = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
  const { score } = only(
    await compare({ before: rows(10, () => 10), after: rows(10, (n) => 10 + (sleep[n] ?? 0)) }),
  );
  assertEquals([score.test, score.isShare, score.verdict], ["sign-flip", false, "better"]);
  assertAlmostEquals(score.interval?.low ?? NaN, 0.7001, 0.00005);
  // Nine differences, all of one sign: 2 of 512 ways.
  assertEquals(score.p, 2 / 512);
});

Deno.test("with lower is better, a greater mean is worse", async () => {
  const experiments = { before: rows(20, () => 1), after: rows(20, (n) => 2 + n % 2) };
  const better = only(await compare(experiments)).score;
  const lower = { lowerIsBetter: ["right"] };
  const worse = only(await compare(experiments, undefined, lower)).score;
  assertEquals([better.verdict, worse.verdict], ["better", "worse"]);
  await refused(
    compare(experiments, undefined, { lowerIsBetter: ["rigt"] }),
    "no-score",
    'Did you mean "right"?',
  );
});

Deno.test("the repeats of a row count as one, however many there are on either side", async () => {
  const repeated = (count: number, valueOf: (n: number, repeat: number) => boolean) =>
    Array.from(
      { length: 12 * count },
      (_, n) => row(n % 12, valueOf(n % 12, Math.floor(n / 12)), { repeat: Math.floor(n / 12) }),
    );
  const { pair, score } = only(
    await compare({
      before: repeated(4, (n, repeat) => repeat < n % 3),
      after: repeated(2, () => true),
    }),
  );
  assertEquals([pair.counts.both, score.rows, score.hasRepeats], [12, 12, true]);
  assertEquals([score.first, score.second], [(0 + 0.25 + 0.5) / 3, 1]);
  assertEquals([score.test, score.isShare], ["sign-flip", true]);
  assertEquals(score.p, 2 / 2 ** 12);
  const once = only(
    await compare({ before: rows(12, () => false), after: repeated(2, (_, repeat) => repeat > 0) }),
  );
  assertEquals([once.score.hasRepeats, once.score.test], [true, "sign-flip"]);
  assertEquals(once.score.second, 0.5);
  const few = [0, 0, 1, 1, 1].map((n, repeat) => row(n, true, { repeat }));
  const wide = only(await compare({ before: rows(2, (n) => n > 0), after: few })).score;
  // Student's interval alone would be from -5.9 to +6.9.
  assertEquals([wide.difference, wide.interval], [0.5, { low: -1, high: 1 }]);
});

Deno.test("booleans on one side and numbers on the other are compared as numbers", async () => {
  const mixed = { before: rows(6, () => false), after: rows(6, () => 1) };
  for (const words of [["before", "after"], ["after", "before"]]) {
    const { score } = only(await compare(mixed, words));
    assertEquals([score.isShare, score.test, score.p], [false, "sign-flip", 2 / 64]);
  }
});

Deno.test("rows with errors, without the score, or in one only are left out and counted", async () => {
  const { pair, score } = only(
    await compare({
      before: [row(1, true), row(2, true), failed(3), row(4, true), row(5, "text"), row(9, true)],
      after: [row(1, false), failed(2), failed(3), row(4, true), row(5, true), row(6, true)],
    }),
  );
  assertEquals(pair.counts, {
    first: 6,
    second: 6,
    both: 5,
    firstFailed: 1,
    secondFailed: 2,
    failed: 2,
  });
  assertEquals([score.rows, score.unscored], [2, 1]);
  const text = lines([pair]).join(" ");
  assert(text.includes("5 rows in both; left out: 1 only in A, 1 only in B, 2 with errors"), text);
});

function lines(pairs: readonly ComparedPair[]): readonly string[] {
  return comparisonLines({ pairs, alone: [], tests: 1 }, { columns: 200, color: false });
}

Deno.test("p-values are adjusted over all tests of a comparison, several experiments included", async () => {
  const clear = rows(8, () => true);
  const comparison = await compare({ a: rows(8, () => false), b: clear, c: clear });
  assertEquals(comparison.tests, 2);
  const scores = comparison.pairs.flatMap(({ scores }) => scores);
  for (const { p, adjustedP, verdict } of scores) {
    assertAlmostEquals(p, 2 / 256, 1e-12);
    assertAlmostEquals(adjustedP, 4 / 256, 1e-12);
    assertEquals(verdict, "better");
  }
  assertEquals(
    comparison.pairs.map(({ first, second }) => [first, second].map((side) => side.experiment)),
    [["a", "b"], ["a", "c"]],
  );
});

Deno.test("flips are listed in both directions, bounded, in the order of the rows", async () => {
  const { score } = only(
    await compare({ before: rows(9, (n) => n > 5), after: rows(9, (n) => n < 5 || n === 7) }),
  );
  const keys = (flips: ComparedScore["up"]) => flips.map(({ key }) => key);
  assertEquals(keys(score.up), [0, 1].map(keyOf));
  assertEquals(keys(score.down), [6, 8].map(keyOf));
  assertEquals(score.up[0]?.first[0]?.response, '"answer false"');
  assertEquals(score.up[0]?.second[0]?.response, '"answer true"');
});

Deno.test("of numbers, those flips are listed that changed most", async () => {
  const { score } = only(
    await compare({ before: rows(9, () => 0), after: rows(9, (n) => n < 5 ? n : -n) }),
  );
  assertEquals(score.up.map(({ difference }) => difference), [4, 3]);
  assertEquals(score.down.map(({ difference }) => difference), [-8, -7]);
});

Deno.test("where the test and the interval say different things, it is said which of them counts", async () => {
  const saying = async (from: Draft[], to: Draft[]) => {
    const { pair, score } = only(await compare({ before: from, after: to }));
    return [score.verdict, lines([pair]).find((line) => line.includes("The interval"))?.trim()];
  };
  const zeros = rows(7, () => 0);
  assertEquals(await saying(zeros, rows(7, (n) => n === 6 ? 100 : 1)), [
    "better",
    "The interval holds 0 all the same: few rows, that changed much, widen it. The test decides.",
  ]);
  assertEquals(await saying(zeros, rows(7, (n) => n < 4 ? 1 : 0)), [
    "unclear",
    "The interval leaves 0 out, but the test is the more careful one, and decides.",
  ]);
  assertEquals(await saying(zeros, rows(7, (n) => n + 1)), ["better", undefined]);
});

Deno.test("numbers whose difference is beyond all numbers get no verdict", async () => {
  const { score } = only(
    await compare({ before: rows(7, () => -1.7e308), after: rows(7, () => 1.7e308) }),
  );
  assertEquals([score.verdict, score.p, score.interval], ["unclear", 1, undefined]);
  const large = only(await compare({ before: rows(7, () => 1), after: rows(7, (n) => n * 1e300) }));
  assertEquals([large.score.interval, large.score.leastDifference], [undefined, undefined]);
});

Deno.test("where all rows are the same, that is what is said", async () => {
  const { pair, score } = only(
    await compare({ before: rows(5, (n) => n > 1), after: rows(5, (n) => n > 1) }),
  );
  assertEquals([score.verdict, score.p, score.rowsToDecide], ["same", 1, undefined]);
  assert(lines([pair]).some((line) => line.includes("A and B are the same in all rows")));
});

Deno.test("one row, only errors, and nothing in common are told as what they are", async () => {
  const one = only(await compare({ before: rows(1, () => 0), after: rows(1, () => 1) }));
  assertEquals([one.score.p, one.score.interval], [1, undefined]);
  assert(lines([one.pair]).some((line) => line.includes("1 row is too few")));
  const errors = await compare({ before: [failed(1)], after: [row(1, true)] });
  assertEquals(errors.pairs[0]?.scores, []);
  assert(lines(errors.pairs).some((line) => line.includes("Not compared: right")));
  const apart = await compare({ before: [row(1, true)], after: [row(2, true)] });
  assert(lines(apart.pairs).some((line) => line.startsWith("No row is in both")));
});

Deno.test("what is incomplete, and a changed definition, are told", async () => {
  const comparison = await compare({
    before: rows(2, () => true),
    after: [{ name: "sums", records: rows(1, () => true), items: 5, status: "incomplete" }],
  });
  const [pair] = comparison.pairs;
  assert(pair !== undefined);
  const { first, second } = pair;
  const changed = { ...second.stored.fingerprint, code: "other" };
  const told = {
    ...pair,
    second: { ...second, stored: { ...second.stored, fingerprint: changed } },
  };
  const text = lines([told]).join("\n");
  assert(text.includes("B is incomplete: 1 of 5 items are recorded."), text);
  assert(text.includes("code differs"), text);
  const imported = { ...changed, major: "" };
  const unknown = { ...told.second, stored: { ...second.stored, fingerprint: imported } };
  const words = lines([{ ...pair, second: unknown }]).join("\n");
  assert(words.includes("code is not known") && !words.includes("code differs"), words);
  assertEquals(first.stored.status, "complete");
});
