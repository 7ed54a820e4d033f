/**
 * The letter of a multiple choice.
 *
 * @module
 */

/**
 * The letter that a text chooses, in upper case; `undefined` where it names none. Marks such as `**` and `_`
 * do not matter. The last of what it says counts, in this order: behind "answer" (`the answer is (C)`,
 * `**Answer:** c`), in parentheses (`(C)`), alone at the start (`C`, `C. Paris`, `c) Paris`), as a capital
 * letter by itself (`I choose C`; of `A` and `I`, which are words, only at the end).
 *
 * `letters` are the choices there are.
 *
 * @throws {RangeError} if `letters` are no capitals
 *
 * @example
 * ```ts
 * import { choiceLetter } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(choiceLetter("Not (A), so the answer is (C)."), "C");
 * assertEquals(choiceLetter("B) Lima"), "B");
 * assertEquals(choiceLetter("A hard question."), undefined);
 * assertEquals(choiceLetter("The answer is F.", "ABCDEF"), "F");
 * ```
 */
export function choiceLetter(text: string, letters = "ABCD"): string | undefined {
  if (!/^[A-Z]+$/.test(letters)) {
    throw new RangeError(`choiceLetter(): the letters must be capitals, and are "${letters}".`);
  }
  const plain = text.replace(/[*_`$]/g, "");
  for (const pattern of patternsFor(letters)) {
    const last = [...plain.matchAll(pattern)].at(-1);
    if (last?.[1] !== undefined) return last[1].toUpperCase();
  }
  return undefined;
}

/** Between "answer" and the letter. */
const SAID = String.raw`(?:\s+(?:is|would\s+be))?\s*:?\s*(?:option\s+)?[(\[]?`;

/** Behind a letter that is no part of a word. */
const ALONE = String.raw`(?![\p{L}\p{N}'’])`;

function patternsFor(letters: string): readonly RegExp[] {
  const words = letters.replace(/[AI]/g, "");
  return [
    new RegExp(String.raw`(?:[Aa]nswer|ANSWER)${SAID}([${letters}])${ALONE}`, "gu"),
    // Of a small letter more is asked: "the answer is a mystery".
    new RegExp(String.raw`answer${SAID}([${letters}])(?=[)\].,;:!]|\s*$)`, "gimu"),
    new RegExp(String.raw`[(\[]([${letters}])[)\]]`, "gu"),
    new RegExp(String.raw`^\s*([${letters}])(?=[).:]|\s*$)`, "giu"),
    ...words === "" ? [] : [new RegExp(String.raw`(?<![\p{L}\p{N}])([${words}])${ALONE}`, "gu")],
    new RegExp(String.raw`(?<![\p{L}\p{N}])([${letters}])[.!]?\s*$`, "gu"),
  ];
}
