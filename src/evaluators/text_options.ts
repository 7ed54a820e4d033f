/**
 * What evaluators overlook when they compare texts.
 *
 * @module
 */
import type { RenameOptions } from "../evaluation/evaluator.ts";

/** What to overlook when texts are compared, and the score's name. */
export interface TextOptions extends RenameOptions {
  /**
   * Whether blanks around the texts are overlooked.
   *
   * @default {false}
   */
  readonly trim?: boolean;
  /**
   * Whether upper and lower case are the same.
   *
   * @default {false}
   */
  readonly ignoreCase?: boolean;
  /**
   * The Unicode normalisation that both are brought to: `NFC` makes "é" in one and in two characters the
   * same, `NFKC` also "ﬁ" and "fi", "２" and "2".
   *
   * @default {false}
   */
  readonly normalize?: "NFC" | "NFD" | "NFKC" | "NFKD" | false;
}

/** A text without what is to be overlooked. */
export function prepared(text: string, options: TextOptions): string {
  const { trim = false, ignoreCase = false, normalize = false } = options;
  const normalized = normalize === false ? text : text.normalize(normalize);
  const trimmed = trim ? normalized.trim() : normalized;
  // To upper case first: "ß" is "SS" there.
  return ignoreCase ? trimmed.toUpperCase().toLowerCase() : trimmed;
}

/**
 * Refuses what is no text, whatever the types say.
 *
 * @throws {TypeError} that names the evaluator and the argument
 */
export function requireTexts(evaluator: string, texts: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value === "string") continue;
    throw new TypeError(`${evaluator}() compares texts, and "${name}" is of type ${typeof value}.`);
  }
}
