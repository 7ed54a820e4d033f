/**
 * What a run recorded, beside how often it had to ask.
 *
 * @module
 */

/** Takes the attempts out of what `show` said. */
export function withoutAttempts(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document, (key, value) => key === "attempts" ? 1 : value));
}
