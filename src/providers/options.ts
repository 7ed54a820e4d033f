/**
 * Models as the command line names them: `--model` and `--model-option`.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { suggestion } from "../nearest.ts";
import { model, type ModelOption, type ModelSpec } from "./model_spec.ts";

type MutableOptions = { [name: string]: ModelOption };

/** What the command line says about models. */
export interface ModelArguments {
  /** The values of `--model`: `SPEC` or `NAME=SPEC`. */
  readonly models: readonly string[];
  /** The values of `--model-option`: `NAME.option=value`. */
  readonly options: readonly string[];
}

/**
 * The models that a command line names, in its order, each with its options.
 *
 * A value that is JSON (a number, `true`, an object, …) is that; any other is a string. Dots
 * lead into objects: `local.body.top_k=20`.
 *
 * @throws {DotevalsError} if two models have one name, or an option has no model or no value
 */
export function parseModels({ models, options }: ModelArguments): readonly ModelSpec[] {
  const specs = new Map<string, { readonly spec: string; readonly options: MutableOptions }>();
  for (const text of models) {
    const [name, spec] = splitName(text);
    if (spec === "") throw wrong(`--model ${text} names no model.`, "Write --model NAME=SPEC.");
    if (specs.has(name)) {
      throw wrong(
        `Two models are named "${name}".`,
        "Give one of them another name: --model NAME=SPEC.",
      );
    }
    specs.set(name, { spec, options: {} });
  }
  for (const text of options) {
    const name = owner(text, [...specs.keys()]);
    const rest = text.slice(name.length + 1);
    const equals = rest.indexOf("=");
    if (equals === -1) {
      throw wrong(
        `--model-option ${text} has no value.`,
        `Write --model-option ${text}=VALUE.`,
      );
    }
    const path = rest.slice(0, equals).split(".");
    place(specs.get(name)?.options ?? {}, {
      path,
      value: parseValue(rest.slice(equals + 1)),
      text,
    });
  }
  return [...specs].map(([name, { spec, options }]) => model(spec, { ...options, name }));
}

/** `NAME=SPEC`, or a spec, which is its own name. */
function splitName(text: string): [name: string, spec: string] {
  const named = /^([\w.-]+)=(.*)$/s.exec(text);
  return named?.[1] === undefined || named[2] === undefined ? [text, text] : [named[1], named[2]];
}

/** The model that an option is for; names may hold dots, so the longest that fits. */
function owner(text: string, names: readonly string[]): string {
  const fitting = names.filter((name) => text.startsWith(`${name}.`));
  const longest = fitting.sort((left, right) => right.length - left.length)[0];
  if (longest !== undefined) return longest;
  const given = /^[^.=]*/.exec(text)?.[0] ?? text;
  if (names.length === 0) {
    throw wrong(
      `--model-option ${text} is for a model that is not given.`,
      `Name the model too: --model ${given || "NAME"}=SPEC.`,
    );
  }
  throw wrong(
    `--model-option ${text} is for "${given}", which is no model's name.`,
    `${suggestion(given, names)} The form is NAME.option=VALUE.`,
  );
}

function place(
  options: MutableOptions,
  { path, value, text }: {
    readonly path: readonly string[];
    readonly value: ModelOption;
    readonly text: string;
  },
): void {
  let inner = options;
  for (const [depth, key] of path.entries()) {
    if (key === "" || key === "__proto__" || (depth === 0 && key === "name")) {
      throw wrong(
        `--model-option ${text}: ${key === "" ? "an empty name" : `"${key}"`} is no option.`,
        "The form is NAME.option=VALUE, with dots between the names of nested options.",
      );
    }
    const there = Object.hasOwn(inner, key) ? inner[key] : undefined;
    if (depth < path.length - 1) {
      const next = there ?? {};
      if (!isOptions(next)) throw twice(path.slice(0, depth + 1), text);
      inner = inner[key] = next;
    } else if (there !== undefined) throw twice(path, text);
    else inner[key] = value;
  }
}

function isOptions(value: ModelOption): value is MutableOptions {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON where it is some, else the text as it is; numbers that would lose digits stay text. */
function parseValue(text: string): ModelOption {
  let value: ModelOption;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof value !== "number") return value;
  const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return exact ? value : text;
}

function twice(path: readonly string[], text: string): DotevalsError {
  return wrong(
    `--model-option ${text}: "${path.join(".")}" is given twice.`,
    "Give each option of a model once.",
  );
}

function wrong(message: string, hint: string): DotevalsError {
  return new DotevalsError(message, { code: "invalid-model", hint });
}
