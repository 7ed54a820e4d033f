/**
 * The names that experiments can have.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";

/**
 * Refuses a name that nobody could see in a list, or that other commands would read as an option.
 *
 * @throws {DotevalsError} `invalid-value`
 */
export function checkExperimentName(name: string): void {
  const isEmpty = name.trim() === "";
  if (!isEmpty && !name.startsWith("-")) return;
  throw new DotevalsError(`An experiment cannot be named "${name}".`, {
    code: "invalid-value",
    hint: isEmpty
      ? "Give it a name that is not empty."
      : "Give it a name that does not begin with a dash, as options do.",
  });
}
