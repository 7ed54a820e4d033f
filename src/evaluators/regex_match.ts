/**
 * Whether an answer matches a regular expression.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { requireTexts } from "./text_options.ts";

/**
 * Scores whether `pattern` matches somewhere in `actual`; `^` and `$` make it match all of it. A pattern
 * that is a text is compiled with the flag `u`.
 *
 * Its metric is `accuracy`; its metadata are `actual`, `pattern` and, where it matches, `match`, the first
 * part that does.
 *
 * What is no text, or no pattern, is an error of the score. Nothing ends a pattern that takes for ever on some text
 * (`(a+)+$`), and everything else waits for it: write patterns without repeats of repeats.
 *
 * @example
 * ```ts
 * import { regexMatch } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const made = regexMatch("It was in 1969.", /\b(19|20)\d\d\b/);
 * assertEquals([made.value, made.metadata.match], [true, "1969"]);
 * assertEquals(regexMatch("1969!", "^\\d+$").value, false);
 * ```
 */
export const regexMatch: (
  actual: string,
  pattern: RegExp | string,
  options?: RenameOptions,
) => Score = evaluator(
  function regexMatch(actual: string, pattern: RegExp | string): Score {
    requireTexts("regexMatch", { actual });
    // A copy: one that is global or sticky remembers where it was.
    const own = typeof pattern === "string"
      ? new RegExp(pattern, "u")
      : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
    const [match] = own.exec(actual) ?? [];
    return score("regexMatch", match !== undefined, {
      metadata: { actual, pattern: String(pattern), ...match !== undefined && { match } },
    });
  },
  { metrics: [accuracy()] },
);
