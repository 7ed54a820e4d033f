/**
 * Whether a model called the right tools rightly.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { isEqual } from "./exact_match.ts";

/** A call of a tool: those in a model's response are. */
export interface CalledTool {
  /** The tool's name. */
  readonly name: string;
  /** The arguments, parsed; a text where they do not parse. */
  readonly arguments: unknown;
}

/** The types of JSON. */
export type JsonType = "array" | "boolean" | "integer" | "null" | "number" | "object" | "string";

/** How a tool should be called. */
export interface ExpectedCall {
  /** The tool's name. */
  readonly name: string;
  /**
   * Arguments and their values.
   *
   * @default {{}}
   */
  readonly arguments?: Readonly<Record<string, unknown>>;
  /**
   * Arguments and several values of which any will do.
   *
   * @default {{}}
   */
  readonly anyOf?: Readonly<Record<string, readonly unknown[]>>;
  /**
   * Arguments that may have any value of a type.
   *
   * @default {{}}
   */
  readonly types?: Readonly<Record<string, JsonType>>;
  /**
   * Those of the named arguments that may be left out.
   *
   * @default {[]}
   */
  readonly optional?: readonly string[];
}

/** Options of {@linkcode toolCallMatch}. */
export interface ToolCallMatchOptions extends RenameOptions {
  /**
   * Whether the calls must come in the expected order; else they are a set, as parallel calls are.
   *
   * @default {false}
   */
  readonly ordered?: boolean;
}

/**
 * Scores whether the calls of tools in `actual` (a response's `toolCalls`) are the expected ones: as many, each
 * with the name, all arguments that are not optional, and no others. Values are compared by their parts and
 * types: `"1"` is not `1`.
 *
 * Its metric is `accuracy`; its metadata are `actual`, `expected` and, where something is wrong, `problems`.
 *
 * @example
 * ```ts
 * import { toolCallMatch } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const calls = [
 *   { name: "weather", arguments: { city: "Paris" } },
 *   { name: "weather", arguments: { city: "Rome", unit: "C" } },
 * ];
 * const expected = [
 *   { name: "weather", arguments: { city: "Rome" }, anyOf: { unit: ["C", "celsius"] } },
 *   { name: "weather", arguments: { city: "Paris", unit: "C" }, optional: ["unit"] },
 * ];
 * assertEquals(toolCallMatch(calls, expected).value, true);
 * assertEquals(toolCallMatch(calls, expected.slice(1)).metadata.problems, [
 *   "2 calls, and 1 expected",
 * ]);
 * ```
 */
export const toolCallMatch: (
  actual: readonly CalledTool[],
  expected: readonly ExpectedCall[],
  options?: ToolCallMatchOptions,
) => Score = evaluator(
  function toolCallMatch(
    actual: readonly CalledTool[],
    expected: readonly ExpectedCall[],
    { ordered = false }: ToolCallMatchOptions = {},
  ): Score {
    const problems = ordered || expected.length !== actual.length
      ? problemsInOrder(actual, expected)
      : problemsOfSet(actual, expected);
    const calls = actual.map((call) => ({ name: call.name, arguments: call.arguments }));
    return score("toolCallMatch", problems.length === 0, {
      metadata: { actual: calls, expected, ...problems.length > 0 && { problems } },
    });
  },
  { metrics: [accuracy()], takesOptions: true },
);

function problemsInOrder(
  actual: readonly CalledTool[],
  expected: readonly ExpectedCall[],
): readonly string[] {
  if (actual.length !== expected.length) {
    return [`${actual.length} calls, and ${expected.length} expected`];
  }
  return expected.flatMap((wanted, place) => problemsOf(actual[place], wanted));
}

/** As in order, where some order has none; else those of the expected calls that no call is left for. */
function problemsOfSet(
  actual: readonly CalledTool[],
  expected: readonly ExpectedCall[],
): readonly string[] {
  const fits = expected.map((wanted) =>
    actual.flatMap((call, place) => problemsOf(call, wanted).length === 0 ? [place] : [])
  );
  const takenBy = new Map<number, number>();
  const unmatched = [...expected.keys()].filter((wanted) =>
    !findCall(wanted, { fits, takenBy, seen: new Set() })
  );
  return unmatched.flatMap((wanted) => {
    const call = expected[wanted];
    const free = actual.filter((_, place) => !takenBy.has(place));
    const like = free.find(({ name }) => name === call?.name) ?? free[0];
    return call === undefined ? [] : problemsOf(like, call);
  });
}

interface Matching {
  /** The calls that each expected one may be. */
  readonly fits: readonly (readonly number[])[];
  /** Which expected call each call was given to. */
  readonly takenBy: Map<number, number>;
  readonly seen: Set<number>;
}

/** Gives an expected call one of the calls that it may be; others then get another one (Kuhn 1955). */
function findCall(wanted: number, matching: Matching): boolean {
  const { fits, takenBy, seen } = matching;
  for (const place of fits[wanted] ?? []) {
    if (seen.has(place)) continue;
    seen.add(place);
    const holder = takenBy.get(place);
    if (holder !== undefined && !findCall(holder, matching)) continue;
    takenBy.set(place, wanted);
    return true;
  }
  return false;
}

/** What is wrong with a call. */
function problemsOf(call: CalledTool | undefined, wanted: ExpectedCall): readonly string[] {
  if (call?.name !== wanted.name) {
    return [`${wanted.name} expected, and ${call?.name ?? "nothing"} called`];
  }
  const given = call.arguments ?? {};
  if (typeof given !== "object" || Array.isArray(given)) {
    return [`${wanted.name}: the arguments are no object`];
  }
  const { arguments: values = {}, anyOf = {}, types = {}, optional = [] } = wanted;
  const named = new Set([values, anyOf, types].flatMap((part) => Object.keys(part)));
  const problems = [...named].flatMap((name) => {
    if (!Object.hasOwn(given, name)) return optional.includes(name) ? [] : [`${name} is missing`];
    return isRight(Reflect.get(given, name), name, wanted) ? [] : [`${name} is wrong`];
  });
  const extra = Object.keys(given).filter((name) => !named.has(name));
  return [...problems, ...extra.map((name) => `${name} is not expected`)]
    .map((problem) => `${wanted.name}: ${problem}`);
}

function isRight(value: unknown, name: string, wanted: ExpectedCall): boolean {
  const { arguments: values = {}, anyOf = {}, types = {} } = wanted;
  const choices = Object.hasOwn(anyOf, name) ? anyOf[name] : undefined;
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  return (!Object.hasOwn(values, name) || isEqual(value, values[name])) &&
    (choices === undefined || choices.some((choice) => isEqual(value, choice))) &&
    (type === undefined || isOfType(value, type));
}

function isOfType(value: unknown, type: JsonType): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return type === kindOf(value);
  }
}

function kindOf(value: unknown): string {
  return typeof value;
}
