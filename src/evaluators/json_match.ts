/**
 * How much of an answer's JSON is as expected.
 *
 * @module
 */
import { evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { mean } from "../metrics/mean.ts";
import { codeBlock } from "./code_block.ts";
import { isEqual } from "./exact_match.ts";
import { issuesOf, type JsonSchema, type StandardSchema } from "./json_issues.ts";
import type { TextOptions } from "./text_options.ts";
import { parseJson } from "./valid_json.ts";

/** Options of {@linkcode jsonMatch}; those of texts are for the texts in it. */
export interface JsonMatchOptions extends TextOptions {
  /** What the answer must be to have any credit: a JSON Schema, or a schema of Zod, Valibot and others. */
  readonly schema?: JsonSchema | StandardSchema;
  /**
   * Whether the JSON may stand in a fenced block.
   *
   * @default {false}
   */
  readonly fenced?: boolean;
  /**
   * Whether fields that are not expected count as wrong.
   *
   * @default {true}
   */
  readonly extraIsWrong?: boolean;
  /**
   * Whether arrays are compared whatever the order of their entries: each with each, which takes seconds for thousands.
   *
   * @default {false}
   */
  readonly anyOrder?: boolean;
}

/**
 * Scores which share of the fields of `expected` is the same in `actual`, from 0 to 1. A field is a value that
 * is no object and no array, wherever it lies, or one that is empty; a field of `actual` that is not expected
 * counts as a wrong one. `actual` is a value, or a text with its JSON; a text that is no JSON is 0.
 *
 * Its metric is `mean`; its metadata are `actual`, `expected`, `right` and `fields` (counts), `wrong` (the paths
 * of what differs) and, where the answer is no JSON or not as the schema says, `issues`.
 *
 * @example
 * ```ts
 * import { jsonMatch } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const expected = { name: "Ada", born: { year: 1815, city: "London" } };
 * const made = await jsonMatch('{"name": "Ada", "born": {"year": 1816, "city": "London"}}', expected);
 * assertEquals(made.value, 2 / 3);
 * assertEquals(made.metadata.wrong, ["born.year"]);
 * ```
 */
export const jsonMatch: (
  actual: unknown,
  expected: unknown,
  options?: JsonMatchOptions,
) => Promise<Score> = evaluator(
  async function jsonMatch(
    actual: unknown,
    expected: unknown,
    options: JsonMatchOptions = {},
  ): Promise<Score> {
    const { schema, fenced = false } = options;
    const { value, issue } = typeof actual === "string"
      ? parseJson(fenced ? codeBlock(actual) : actual)
      : { value: actual };
    const issues = issue !== undefined
      ? [issue]
      : schema === undefined
      ? []
      : await issuesOf(value, schema);
    if (issues.length > 0) return score("jsonMatch", 0, { metadata: { actual, expected, issues } });
    const { right, wrong } = compare(value, expected, { path: "", options });
    const fields = right + wrong.length;
    const metadata = { actual, expected, right, fields, wrong };
    return score("jsonMatch", right / fields, { metadata });
  },
  { metrics: [mean()], takesOptions: true },
);

/** Fields that are right, and the paths of those that are not. */
interface Comparison {
  readonly right: number;
  readonly wrong: readonly string[];
}

interface Place {
  readonly path: string;
  readonly options: JsonMatchOptions;
}

function compare(actual: unknown, expected: unknown, place: Place): Comparison {
  const { path, options } = place;
  if (isBranch(expected) && isBranch(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    return Array.isArray(expected) && Array.isArray(actual) && options.anyOrder === true
      ? compareSets(actual, expected, place)
      : compareParts(actual, expected, place);
  }
  if (isBranch(expected)) return { right: 0, wrong: pathsOf(expected, path) };
  const isRight = isEqual(actual, expected, options);
  return isRight ? { right: 1, wrong: [] } : { right: 0, wrong: [path] };
}

function compareParts(actual: object, expected: object, { path, options }: Place): Comparison {
  const compared = Object.entries(expected).map(([name, part]) => {
    const own = { path: below(path, name), options };
    return Object.hasOwn(actual, name)
      ? compare(Reflect.get(actual, name), part, own)
      : { right: 0, wrong: pathsOf(part, own.path) };
  });
  const extra = Object.entries(actual).flatMap(([name, part]) =>
    Object.hasOwn(expected, name) ? [] : pathsOf(part, below(path, name))
  );
  return joined([...compared, { right: 0, wrong: options.extraIsWrong === false ? [] : extra }]);
}

/** Each expected entry with the entry, among those that are left, that is most like it. */
function compareSets(
  actual: readonly unknown[],
  expected: readonly unknown[],
  { path, options }: Place,
): Comparison {
  const left = new Set(actual.keys());
  const compared = expected.map((part, place) => {
    const own = { path: below(path, String(place)), options };
    const best = [...left]
      .map((index) => ({ index, ...compare(actual[index], part, own) }))
      .sort((one, other) => one.wrong.length - other.wrong.length || other.right - one.right)[0];
    if (best === undefined) return { right: 0, wrong: pathsOf(part, own.path) };
    left.delete(best.index);
    return best;
  });
  const extra = [...left].flatMap((index) => pathsOf(actual[index], below(path, String(index))));
  return joined([...compared, { right: 0, wrong: options.extraIsWrong === false ? [] : extra }]);
}

function joined(parts: readonly Comparison[]): Comparison {
  return {
    right: parts.reduce((sum, { right }) => sum + right, 0),
    wrong: parts.flatMap(({ wrong }) => wrong),
  };
}

/** The paths of all fields of a value. */
function pathsOf(value: unknown, path: string): readonly string[] {
  if (!isBranch(value)) return [path];
  return Object.entries(value).flatMap(([name, part]) => pathsOf(part, below(path, name)));
}

/** Whether a value has fields in it. */
function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
