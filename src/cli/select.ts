/**
 * `--filter`: which evaluations to run.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import { suggestion } from "../nearest.ts";
import type { NamedEvaluation } from "../plan/discover.ts";

/**
 * The evaluations whose name is the filter, or else those that it matches as a regular expression.
 *
 * @throws {DotevalsError} `invalid-value`, or `nothing-found` where it matches none
 */
export function selectByName(
  evaluations: readonly NamedEvaluation[],
  filter: string | undefined,
): readonly NamedEvaluation[] {
  if (filter === undefined) return evaluations;
  const named = evaluations.filter(({ name }) => name === filter);
  if (named.length > 0) return named;
  const pattern = patternOf(filter);
  const matching = evaluations.filter(({ name }) => pattern.test(name));
  if (matching.length > 0 || evaluations.length === 0) return matching;
  throw new DotevalsError(`No evaluation matches --filter ${filter}.`, {
    code: "nothing-found",
    hint: suggestion(filter, evaluations.map(({ name }) => name)),
  });
}

function patternOf(filter: string): RegExp {
  try {
    return new RegExp(filter);
  } catch (cause) {
    throw new DotevalsError(`--filter ${filter} is no regular expression: ${messageOf(cause)}.`, {
      code: "invalid-value",
      hint: "Give an evaluation's name or a regular expression.",
      cause,
    });
  }
}
