/**
 * `example:extract`: finds people, dates and amounts of money in a text, by rules; answers in JSON.
 *
 * Dates become `YYYY-MM-DD`, amounts a number and a currency: `{"people":["Ada Lovelace"],
 * "dates":["2024-03-12"],"amounts":["1200.50 USD"]}`. It takes any two capitalized words for a
 * person unless it knows better, reads `3/4/2024` as an American does, and no "last Friday".
 *
 * @module
 */
import { labelledPart } from "./labelled.ts";

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const MONTH = `(${MONTHS.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join("|")})`;

/** How dates are written, and which groups are year, month and day. */
const DATES: readonly (readonly [RegExp, readonly [number, number, number]])[] = [
  [/\b(\d{4})-(\d{2})-(\d{2})\b/g, [1, 2, 3]],
  [/\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g, [3, 1, 2]],
  [/\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/g, [3, 2, 1]],
  [new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)? (?:of )?${MONTH},? (\\d{4})\\b`, "gi"), [3, 2, 1]],
  [new RegExp(`\\b${MONTH} (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})\\b`, "gi"), [3, 1, 2]],
];

const SYMBOLS: Readonly<Record<string, string>> = { "$": "USD", "€": "EUR", "£": "GBP" };
const CURRENCY_WORDS: Readonly<Record<string, string>> = {
  usd: "USD",
  dollars: "USD",
  eur: "EUR",
  euros: "EUR",
  gbp: "GBP",
  pounds: "GBP",
};
const NUMBER = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const AMOUNT = new RegExp(
  `([$€£])\\s?(${NUMBER})|(${NUMBER})\\s?(${Object.keys(CURRENCY_WORDS).join("|")})\\b`,
  "gi",
);

const NAME =
  /\b(?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )?(\p{Lu}[\p{L}'’-]+(?: \p{Lu}\.)?(?: \p{Lu}[\p{L}'’-]+)+)/gu;
/** Words that stand capitalized in front of names and in the names of things. */
const NO_NAME = new Set([
  "the",
  "on",
  "in",
  "at",
  "dear",
  "from",
  "to",
  "by",
  "for",
  "street",
  "road",
  "avenue",
  "bank",
  "company",
  "inc",
  "ltd",
  "gmbh",
  "corp",
  "university",
  "hotel",
  "airport",
  "invoice",
  "order",
  "meeting",
  "project",
  "north",
  "south",
  "new",
  "museum",
  "hospital",
  "station",
  "city",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
  ...MONTHS,
]);

/** Answers a prompt that holds a text, behind the label `Text:` where it says more. */
export function answer(prompt: string): string {
  const text = labelledPart(prompt, ["text"]);
  return JSON.stringify({ people: peopleIn(text), dates: datesIn(text), amounts: amountsIn(text) });
}

function peopleIn(text: string): readonly string[] {
  const names = Array.from(text.matchAll(NAME), ([, name = ""]) => name);
  const people = names.filter((name) =>
    !name.split(" ").some((word) => NO_NAME.has(word.toLowerCase()))
  );
  return [...new Set(people)];
}

function datesIn(text: string): readonly string[] {
  const found: { readonly at: number; readonly date: string }[] = [];
  for (const [pattern, [year, month, day]] of DATES) {
    for (const match of text.matchAll(pattern)) {
      const written = match[month] ?? "";
      const named = MONTHS.findIndex((name) =>
        name.startsWith(written.toLowerCase().replace(".", ""))
      );
      const number = named === -1 ? Number(written) : named + 1;
      const parts = [
        match[year] ?? "",
        String(number).padStart(2, "0"),
        (match[day] ?? "").padStart(2, "0"),
      ];
      found.push({ at: match.index, date: parts.join("-") });
    }
  }
  return found.sort((one, other) => one.at - other.at).map(({ date }) => date);
}

function amountsIn(text: string): readonly string[] {
  return Array.from(
    text.matchAll(AMOUNT),
    ([, symbol = "", before = "", after = "", word = ""]) => {
      const number = Number((before || after).replaceAll(",", ""));
      return `${number.toFixed(2)} ${SYMBOLS[symbol] ?? CURRENCY_WORDS[word.toLowerCase()]}`;
    },
  );
}
