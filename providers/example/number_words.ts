/**
 * Writes the numbers in a text as digits.
 *
 * @module
 */

const UNITS = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
];
const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

const VALUES = new Map<string, number>([
  ...UNITS.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, 20 + 10 * index] as const),
  ["dozen", 12],
  ["hundred", 100],
]);

const NUMBER_WORD = new RegExp(
  `\\b(?:(${TENS.join("|")})(?:-(${UNITS.slice(1, 10).join("|")}))?|(?:an?\\s+)?(dozen|hundred)|(${
    UNITS.join("|")
  }))\\b`,
  "gi",
);

/** The text with `twenty-one` as `21`, `a dozen` as `12`, and `1,250` as `1250`. */
export function withDigits(text: string): string {
  return text
    .replaceAll(/(\d),(?=\d{3}\b)/g, "$1")
    .replaceAll(NUMBER_WORD, (match: string, tens = "", unit = "", round = "", plain = "") => {
      // "The other one", "each one": no number is meant.
      if (match.toLowerCase() === "one") return match;
      const value = [tens, unit, round, plain]
        .reduce((sum, word: string) => sum + (VALUES.get(word.toLowerCase()) ?? 0), 0);
      return String(value);
    });
}
