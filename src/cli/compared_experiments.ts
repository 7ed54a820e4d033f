/**
 * What the words behind `compare` mean.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { suggestion } from "../nearest.ts";
import {
  parametersOf,
  type Selected,
  sidesOf,
  valuesOf,
} from "../report/comparison/pair_evaluations.ts";
import type { Storage } from "../storage/storage.ts";
import { shellWord } from "./shell_word.ts";

/** Experiments to compare, the first of them with all others. */
export type Compared = readonly [Selected, Selected, ...Selected[]];

/**
 * The experiments that words name, each `EXPERIMENT` or `EXPERIMENT:PARAMETER=VALUE,…`; or the values of
 * one's parameter `by`.
 *
 * @throws {DotevalsError} `missing-argument`, `invalid-value` or `no-variant`
 */
export async function comparedExperiments(
  storage: Storage,
  words: readonly string[],
  { by }: { readonly by: string | undefined },
): Promise<Compared> {
  const selected: Selected[] = [];
  for (const word of words) selected.push(await selectedBy(storage, word));
  const [first, second, ...others] = selected;
  if (first === undefined) throw missing('"dotevals compare" needs two experiments.');
  if (by !== undefined) {
    if (second === undefined) return await variantsOf(storage, first, by);
    throw new DotevalsError(`--by ${by} is for one experiment, and there are ${words.length}.`, {
      code: "invalid-value",
      hint: "Leave --by out, or all experiments but one.",
    });
  }
  if (second === undefined) throw await missingSecond(storage, first);
  return [first, second, ...others];
}

/**
 * New names by old names, from `OLD=NEW`.
 *
 * @throws {DotevalsError} `invalid-value`
 */
export function parseRenamed(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(texts.map((text) => {
    const [, old, now] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (old !== undefined && now !== undefined) return [old, now] as const;
    throw new DotevalsError(`--renamed is "${text}".`, {
      code: "invalid-value",
      hint:
        "Write --renamed OLD=NEW, with the names of an evaluation in the first and in the others.",
    });
  }));
}

/** An experiment may have a name that looks like a selection. */
async function selectedBy(storage: Storage, word: string): Promise<Selected> {
  const [, experiment, bindings] = /^(.+?):([^:=]+=.*)$/s.exec(word) ?? [];
  if (experiment === undefined || bindings === undefined) return { experiment: word, bindings: {} };
  if (await storage.experiment(word) !== undefined) return { experiment: word, bindings: {} };
  const sides = await sidesOf(storage, { experiment, bindings: {} });
  return { experiment, bindings: parseBindings(bindings, parametersOf(sides)) };
}

/** Values may hold commas and equals signs: a binding begins only with a parameter that was not bound before. */
function parseBindings(text: string, parameters: readonly string[]): Selected["bindings"] {
  const bindings = new Map<string, string>();
  let name = "";
  for (const part of text.split(",")) {
    const at = part.indexOf("=");
    const bound = part.slice(0, at);
    const before = bindings.get(name);
    if (before !== undefined && (!parameters.includes(bound) || bindings.has(bound))) {
      bindings.set(name, `${before},${part}`);
    } else {
      name = bound;
      bindings.set(name, part.slice(at + 1));
    }
  }
  return Object.fromEntries(bindings);
}

async function variantsOf(storage: Storage, one: Selected, by: string): Promise<Compared> {
  const sides = await sidesOf(storage, one);
  const [first, second, ...others] = valuesOf(sides, by).map((value) => ({
    experiment: one.experiment,
    bindings: { ...one.bindings, [by]: value },
  }));
  if (first !== undefined && second !== undefined) return [first, second, ...others];
  const names = parametersOf(sides);
  const [only] = valuesOf(sides, by);
  throw new DotevalsError(
    only === undefined
      ? `The experiment "${one.experiment}" has no parameter named "${by}".`
      : `The experiment "${one.experiment}" has one ${by} only: ${only}.`,
    {
      code: "no-variant",
      hint: only !== undefined
        ? `Run it with another one, or name two experiments.`
        : names.length === 0
        ? "Its evaluations have no parameters."
        : suggestion(by, names),
    },
  );
}

async function missingSecond(storage: Storage, one: Selected): Promise<DotevalsError> {
  const sides = await sidesOf(storage, one);
  const several = parametersOf(sides).find((name) => valuesOf(sides, name).length > 1);
  return missing(
    '"dotevals compare" needs two experiments, or --by and a parameter of one.',
    several && `Write: dotevals compare ${shellWord(one.experiment)} --by ${shellWord(several)}`,
  );
}

function missing(message: string, hint?: string): DotevalsError {
  return new DotevalsError(message, {
    code: "missing-argument",
    hint: hint ?? "Write: dotevals compare EXPERIMENT EXPERIMENT",
  });
}
