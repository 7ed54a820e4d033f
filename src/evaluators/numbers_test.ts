import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { afterMarker } from "./after_marker.ts";
import { boxed } from "./boxed.ts";
import { choiceLetter } from "./choice_letter.ts";
import { lastNumber } from "./last_number.ts";
import { type Numeric, numericMatch, type NumericOptions } from "./numeric_match.ts";

type Case = readonly [actual: Numeric, expected: Numeric, options?: NumericOptions];

function assertMatches(cases: readonly Case[], expected: boolean): void {
  for (const [actual, other, options] of cases) {
    const { value } = numericMatch(actual, other, options);
    assertEquals([actual, other, options, value], [actual, other, options, expected]);
  }
}

Deno.test("numericMatch() reads currencies, percents and fractions where the options say so", () => {
  const [currency, fractions] = [{ currency: true }, { fractions: true }];
  assertMatches([
    ["$1,200.50", 1200.5, currency],
    ["-$5", -5, currency],
    ["$-5", -5, currency],
    ["5 €", "EUR 5", currency],
    ["45%", 0.45, { percent: "fraction" }],
    ["45 %", "45", { percent: "ignore" }],
    ["200%", 2n, { percent: "fraction" }],
    ["3/4", 0.75, fractions],
    ["-1 1/2", -1.5, fractions],
    ["½", "2/4", fractions],
    ["1½", 1.5, fractions],
    ["8/2", 4, fractions],
    ["$1/2", "50%", { currency: true, fractions: true, percent: "fraction" }],
  ], true);
  assertMatches([
    ["$5", 5],
    ["45%", 0.45],
    ["45%", 45],
    ["3/4", 0.75],
    ["1/0", Infinity, fractions],
    ["1/2/3", 1, fractions],
    ["1/2", 1, fractions],
    ["$", 0, currency],
    ["%", 0, { percent: "ignore" }],
    ["five USD", 5, currency],
  ], false);
});

Deno.test("numericMatch() lets numbers be apart by an absolute and a relative tolerance", () => {
  assertMatches([
    [1.05, 1, { absolute: 0.1 }],
    ["102", 100n, { relative: 0.02 }],
    [-98, -100, { relative: 0.02 }],
    [0.001, 0, { absolute: 0.01, relative: 0.5 }],
    [Infinity, Infinity, { absolute: 1 }],
  ], true);
  assertMatches([
    [1.2, 1, { absolute: 0.1 }],
    ["103", 100, { relative: 0.02 }],
    [0.001, 0, { relative: 0.5 }],
    [NaN, 1, { absolute: Infinity }],
    [Infinity, 1, { absolute: 1 }],
    ["9007199254740993", "9007199254740992"],
  ], false);
  const { error } = numericMatch(1, 1, { absolute: -1 });
  assertStringIncludes(String(error), "is below 0");
});

Deno.test("lastNumber() finds the last number and leaves words and units alone", () => {
  const found = [
    ["so 3 + 4 = 7.", "7"],
    ["from 2019-2023", "2023"],
    ["it is -5 degrees", "-5"],
    ["−5", "−5"],
    ["costs $1,234.50!", "1,234.50"],
    ["a loss of -$20", "-20"],
    ["about 1.5e-3 m", "1.5e-3"],
    ["by 45 %", "45%"],
    ["GPT4 and v2 said .5", ".5"],
    ["1,2,3", "3"],
    ["12 apples", "12"],
    ["none", undefined],
    ["", undefined],
  ] as const;
  for (const [text, number] of found) assertEquals([text, lastNumber(text)], [text, number]);
});

Deno.test("boxed() finds the last box, with braces in it", () => {
  assertEquals(boxed(String.raw`\boxed{1} then $\boxed{ x^{2} }$`), "x^{2}");
  assertEquals(boxed(String.raw`\boxed{\{1, 2\}}`), String.raw`\{1, 2\}`);
  assertEquals(boxed(String.raw`\fbox {7}`), "7");
  assertEquals(boxed(String.raw`\boxed{\frac{1}{2}`), undefined);
  assertEquals(boxed(String.raw`\boxed{}`), "");
});

Deno.test("afterMarker() takes the rest of the line behind the last marker", () => {
  assertEquals(afterMarker("####")("#### 1\nthen\n#### 1,000 \nend"), "1,000");
  assertEquals(afterMarker("Answer:")("Answer:"), undefined);
  assertEquals(afterMarker("####")(""), undefined);
});

Deno.test("choiceLetter() finds what a text chooses", () => {
  const found = [
    ["C", "C"],
    ["c", "C"],
    ["(B)", "B"],
    ["**D**", "D"],
    ["D. Because (A) is wrong.", "A"],
    ["The answer is B because A is wrong.", "B"],
    ["**Answer:** c", "C"],
    ["ANSWER: A", "A"],
    ["The correct answer is option (d).", "D"],
    ["Answer is A? No, the answer is D", "D"],
    ["I think it is A.", "A"],
    ["I choose C, not B", "B"],
    ["the answer is a mystery", undefined],
    ["A hard question", undefined],
    ["I'd say E", undefined],
    ["Don't know", undefined],
    ["", undefined],
  ] as const;
  for (const [text, letter] of found) assertEquals([text, choiceLetter(text)], [text, letter]);
  assertEquals(choiceLetter("(J)", "ABCDEFGHIJ"), "J");
  assertThrows(() => choiceLetter("a", "a-d"), RangeError, "must be capitals");
});

Deno.test("lastNumber() takes groups of digits between the blanks that print uses", () => {
  assertEquals(lastNumber("makes 1\u202f234\u202f567 in all"), "1\u202f234\u202f567");
  assertEquals(numericMatch(lastNumber("that is 12\u00a0000."), 12_000).value, true);
  assertEquals(lastNumber("of 2020\u00a0300"), "300");
});

Deno.test("a text that is long and no number is told at once", () => {
  const notation = { currency: true, fractions: true, percent: "ignore" } as const;
  for (const text of [`1${" ".repeat(100_000)}x`, "1,".repeat(50_000), "1".repeat(100_000)]) {
    assertEquals(numericMatch(text, 1, notation).value, false);
  }
});
