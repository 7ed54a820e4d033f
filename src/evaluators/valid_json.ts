/**
 * Whether an answer is JSON, and as a schema says.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { codeBlock } from "./code_block.ts";
import { issuesOf, type JsonSchema, type StandardSchema } from "./json_issues.ts";
import { requireTexts } from "./text_options.ts";

/** Options of {@linkcode validJson}. */
export interface ValidJsonOptions extends RenameOptions {
  /** What the value must be: a JSON Schema, or a schema of Zod, Valibot and others. */
  readonly schema?: JsonSchema | StandardSchema;
  /**
   * Whether the JSON may stand in a fenced block.
   *
   * @default {false}
   */
  readonly fenced?: boolean;
}

/**
 * Scores whether `actual` is JSON and, with the option `schema`, is as that says. JSON Schemas are checked by
 * Ajv (draft 2020-12, or 7 and 6 where `$schema` names them; formats are not checked).
 *
 * Its metric is `accuracy`; its metadata are `actual` and, where something is wrong, `issues`.
 *
 * A schema that is wrong itself is an error of the score.
 *
 * @example
 * ```ts
 * import { validJson } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const schema = { type: "object", required: ["city"], properties: { city: { type: "string" } } };
 * assertEquals((await validJson('{"city": "Paris"}', { schema })).value, true);
 * assertEquals((await validJson('{"city": 75}', { schema })).metadata.issues, [
 *   "/city must be string",
 * ]);
 * assertEquals((await validJson("{city: Paris}")).value, false);
 * ```
 */
export const validJson: (actual: string, options?: ValidJsonOptions) => Promise<Score> = evaluator(
  async function validJson(actual: string, options: ValidJsonOptions = {}): Promise<Score> {
    const { schema, fenced = false } = options;
    requireTexts("validJson", { actual });
    const { value, issue } = parseJson(fenced ? codeBlock(actual) : actual);
    const issues = issue !== undefined
      ? [issue]
      : schema === undefined
      ? []
      : await issuesOf(value, schema);
    return score("validJson", issues.length === 0, {
      metadata: { actual, ...issues.length > 0 && { issues } },
    });
  },
  { metrics: [accuracy()], takesOptions: true },
);

/** A text as the value that it is JSON of; else what is wrong with it. */
export function parseJson(text: string): { readonly value?: unknown; readonly issue?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { issue: error instanceof Error ? error.message : String(error) };
  }
}
