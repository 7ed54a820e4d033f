import { assertEquals, assertStringIncludes } from "@std/assert";
import { contains } from "./contains.ts";
import { exactMatch } from "./exact_match.ts";
import { type Numeric, numericMatch } from "./numeric_match.ts";

Deno.test("exactMatch() compares texts character by character", () => {
  assertEquals(exactMatch("4", "4").value, true);
  for (const other of ["4 ", "four", "", 4, undefined, null]) {
    assertEquals(exactMatch("4", other).value, false);
  }
});

Deno.test("exactMatch() compares other values by their parts", () => {
  assertEquals(
    exactMatch({ a: [1, new Date(0)], b: NaN }, { b: NaN, a: [1, new Date(0)] }).value,
    true,
  );
  assertEquals(exactMatch({ a: 1 }, { a: "1" }).value, false);
  assertEquals(exactMatch([], {}).value, false);
  assertEquals(exactMatch(undefined, undefined).value, true);
  assertEquals(exactMatch(undefined, null).value, false);
});

Deno.test("numericMatch() takes separators, signs and exponents", () => {
  const same: readonly (readonly [Numeric, Numeric])[] = [
    ["4", 4],
    [" +4. ", "4"],
    ["1,234,567", 1234567],
    ["1 234 567.5", "1234567.50"],
    ["1\u202f200", "1,200"],
    ["12,34,567", 1234567],
    ["1.2e3", "1200"],
    ["-.5", "-0.5"],
    ["\u22125", -5],
    ["-0", 0],
    ["1E-2", 0.01],
    [10n, "10.0"],
    ["9007199254740993", 9007199254740993n],
  ];
  for (const [one, other] of same) {
    assertEquals([one, other, numericMatch(one, other).value], [one, other, true]);
    assertEquals([other, one, numericMatch(other, one).value], [other, one, true]);
  }
});

Deno.test("numericMatch() never matches what differs or is no number", () => {
  const different: readonly (readonly [Numeric, Numeric])[] = [
    ["4", 5],
    ["NaN", NaN],
    [NaN, NaN],
    ["", 0],
    ["", ""],
    ["four", "four"],
    [undefined, undefined],
    [null, 0],
    ["1,5", 15],
    ["1,50", 150],
    ["1,5", "1.5"],
    ["1,234 567", 1234567],
    ["12 apples", 12],
    ["0x10", 16],
    ["9007199254740993", "9007199254740992"],
  ];
  for (const [one, other] of different) {
    assertEquals([one, other, numericMatch(one, other).value], [one, other, false]);
  }
});

Deno.test("contains() looks for a text in the same case", () => {
  assertEquals(contains("It is Paris.", "Paris").value, true);
  assertEquals(contains("It is Paris.", "paris").value, false);
  const nothing: unknown = undefined;
  const failed = contains("It is Paris.", nothing as string);
  assertStringIncludes(String(failed.error), '"expected" is of type undefined');
});

Deno.test("the evaluators name their scores, keep what they compared, and measure accuracy", () => {
  const scores = [exactMatch("a", "b"), numericMatch("1", "2"), contains("a", "b")];
  assertEquals(scores.map(({ name }) => name), ["exactMatch", "numericMatch", "contains"]);
  for (const { metrics } of scores) assertEquals(metrics.map(({ name }) => name), ["accuracy"]);
  assertEquals(exactMatch("a", "b", { name: "same" }).name, "same");
  assertEquals(exactMatch("a", "b").metadata, { actual: "a", expected: "b" });
});
