/**
 * The options of a command, read strictly.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { DotevalsError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import {
  GLOBAL_OPTIONS,
  type OptionSpec,
  type OptionSpecs,
  type OptionValues,
} from "./option_specs.ts";

/** What a command line says. */
export interface ParsedArguments<Specs extends OptionSpecs> {
  readonly values: OptionValues<Specs>;
  /** What is not an option, in order. */
  readonly words: readonly string[];
}

/**
 * Reads a command's arguments.
 *
 * @throws {DotevalsError} `unknown-option`, `missing-value` or `invalid-value`
 */
export function parseOptions<const Specs extends OptionSpecs>(
  command: { readonly name: string; readonly options: Specs },
  args: readonly string[],
): ParsedArguments<Specs> {
  const specs: OptionSpecs = { ...GLOBAL_OPTIONS, ...command.options };
  const names = Object.keys(specs);
  const flags = names.filter((name) => specs[name]?.type === "flag");
  const valued = names.filter((name) => specs[name]?.type !== "flag");
  const letters = names.flatMap((name) => {
    const spec = specs[name];
    return spec && "short" in spec && spec.short !== undefined ? [[name, spec.short]] : [];
  });
  const strangers: string[] = [];
  const parsed: Readonly<Record<string, unknown>> & { readonly _: readonly unknown[] } = parseArgs(
    [...args],
    {
      boolean: flags,
      string: [...valued, "_"],
      collect: valued,
      alias: { help: "h", ...Object.fromEntries(letters) },
      unknown(argument, key) {
        if (key !== undefined) strangers.push(argument.split("=")[0] ?? argument);
        return key === undefined;
      },
    },
  );
  checkFlags(args, flags);
  const values = Object.fromEntries(
    names.map((name) => {
      const spec = specs[name];
      return [name, spec && valueOf(name, { spec, given: parsed[name] })];
    }),
  );
  const [stranger] = strangers;
  if (stranger !== undefined) throw unknownOption(stranger, { command: command.name, names });
  return { values: values as OptionValues<Specs>, words: parsed._.map(String) };
}

/**
 * The words behind a command, one for each of `names`.
 *
 * @throws {DotevalsError} `missing-argument` or `unexpected-argument`
 */
export function wordsFor(
  words: readonly string[],
  { command, names }: { readonly command: string; readonly names: readonly string[] },
): readonly string[] {
  const usage = `dotevals ${command} ${names.join(" ")}`.trimEnd();
  const missing = names[words.length];
  if (missing !== undefined) {
    throw new DotevalsError(`"dotevals ${command}" needs ${missing}.`, {
      code: "missing-argument",
      hint: `Write: ${usage}`,
    });
  }
  const stranger = words[names.length];
  if (stranger !== undefined) {
    throw new DotevalsError(`"dotevals ${command}" does not know what to do with "${stranger}".`, {
      code: "unexpected-argument",
      hint: `Write: ${usage}`,
    });
  }
  return words;
}

function valueOf(
  name: string,
  { spec, given }: { readonly spec: OptionSpec; readonly given: unknown },
): unknown {
  if (spec.type === "flag") return given === true;
  const texts = Array.isArray(given) ? given.map(String) : [];
  if (texts.includes("")) {
    throw new DotevalsError(`--${name} has no value.`, {
      code: "missing-value",
      hint: `Write: --${name} ${spec.value}`,
    });
  }
  if (spec.type === "count") {
    const text = texts.at(-1);
    return text === undefined ? undefined : countOf(text, { name, least: spec.least });
  }
  for (const text of texts) {
    if (spec.choices && !spec.choices.includes(text)) throw wrongChoice(name, text, spec.choices);
  }
  return spec.type === "texts" ? texts : texts.at(-1);
}

/**
 * The whole number that a text is.
 *
 * @throws {DotevalsError} `invalid-value`
 */
export function countOf(
  text: string,
  { name, least }: { readonly name: string; readonly least: number },
): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw new DotevalsError(`--${name} is "${text}".`, {
    code: "invalid-value",
    hint: `It must be a whole number, ${least} or more.`,
  });
}

function wrongChoice(name: string, text: string, choices: readonly string[]): DotevalsError {
  const meant = nearest(text, choices);
  return new DotevalsError(`--${name} is "${text}".`, {
    code: "invalid-value",
    hint: `It must be ${choices.join(" or ")}.${meant ? ` Did you mean ${meant}?` : ""}`,
  });
}

/** `parseArgs` takes `--json=anything` for a flag that is given. */
function checkFlags(args: readonly string[], flags: readonly string[]): void {
  for (const argument of args) {
    if (argument === "--") return;
    const [, name, value] = /^--([^=]+)=(.*)$/s.exec(argument) ?? [];
    if (name === undefined || !flags.includes(name)) continue;
    throw new DotevalsError(`--${name} takes no value, and got "${value}".`, {
      code: "invalid-value",
      hint: `Write --${name}, or leave it out.`,
    });
  }
}

function unknownOption(
  option: string,
  { command, names }: { readonly command: string; readonly names: readonly string[] },
): DotevalsError {
  const meant = nearest(option.replace(/^-+/, ""), names);
  const see = `"dotevals ${command} --help" lists the options.`;
  return new DotevalsError(`"dotevals ${command}" has no option ${option}.`, {
    code: "unknown-option",
    hint: meant === undefined ? see : `Did you mean --${meant}? ${see}`,
  });
}
