/**
 * The names that experiments can have.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";

/**
 * Refuses a name that nobody could see in a list.
 *
 * @throws {DotevalsError} `invalid-value`
 */
export function checkExperimentName(name: string): void {
  if (name.trim() !== "") return;
  throw new DotevalsError(`An experiment cannot be named "${name}".`, {
    code: "invalid-value",
    hint: "Give it a name that is not empty.",
  });
}
