/**
 * What payloads have in common in what they make of answers.
 *
 * @module
 */
import type { ModelRequest } from "../../src/providers/model.ts";

/** `parsed`, where the request had a schema; a model may break it, which is for the evaluation. */
export function parsedOf(
  text: string,
  { schema }: ModelRequest,
): { readonly parsed?: unknown } {
  return schema === undefined ? {} : { parsed: jsonOrUndefined(text) };
}

/** The value that a text of JSON holds. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
