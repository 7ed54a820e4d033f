/**
 * Which evaluations of two experiments are compared.
 *
 * @module
 */
import { DotevalsError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { shellQuoted } from "../../shell_quoted.ts";
import type { Storage } from "../../storage/storage.ts";
import { canonical } from "../../values/canonical.ts";
import { bindingsOf, evaluationLabel, variantText } from "../variant_text.ts";
import type { AloneSide, Side } from "./comparison.ts";

/** An experiment, or those of its variants that have these bindings. */
export interface Selected {
  readonly experiment: string;
  /** The bindings as people write them. */
  readonly bindings: Readonly<Record<string, string>>;
}

/** What else says which evaluations to compare. */
export interface PairingOptions {
  /** Only the evaluation of this name. */
  readonly evaluation?: string | undefined;
  /** What evaluations of the first experiment are called in the others. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Evaluations that belong together, and those that have no counterpart. */
export interface Pairing {
  readonly pairs: readonly (readonly [Side, Side])[];
  readonly alone: readonly AloneSide[];
}

/**
 * The evaluations of an experiment that are meant.
 *
 * @throws {DotevalsError} `no-experiment`, `no-evaluation` or `no-variant`
 */
export async function sidesOf(
  storage: Storage,
  { experiment, bindings }: Selected,
): Promise<readonly Side[]> {
  const evaluations = await storage.evaluations(experiment);
  let sides = evaluations.map((stored): Side => ({
    experiment,
    stored,
    variant: bindingsOf(stored),
  }));
  for (const [name, text] of Object.entries(bindings)) {
    const found = sides.filter(({ variant }) => textOf(variant, name) === text);
    if (found.length === 0) throw noVariant(sides, { name, text, experiment });
    sides = found;
  }
  return sides;
}

/** The values of a parameter, in the order of first runs. */
export function valuesOf(sides: readonly Side[], parameter: string): readonly string[] {
  const texts = sides.map(({ variant }) => textOf(variant, parameter));
  return [...new Set(texts.filter((text) => text !== undefined))];
}

/** The names of the parameters of variants. */
export function parametersOf(sides: readonly Side[]): readonly string[] {
  return [...new Set(sides.flatMap(({ variant }) => Object.keys(variant)))];
}

/**
 * Pairs evaluations by name and variant. Bindings that were selected need not be the same; nor need
 * any where a name has one variant on either side.
 *
 * @throws {DotevalsError} `ambiguous-variants`, `nothing-in-common` or `no-evaluation`
 */
export function pairEvaluations(
  [first, second]: readonly [readonly Side[], readonly Side[]],
  { evaluation, renamed, selected }: PairingOptions & { readonly selected: readonly string[] },
): Pairing {
  const wanted = first.filter(({ stored }) =>
    evaluation === undefined || stored.name === evaluation
  );
  if (wanted.length === 0 && evaluation !== undefined) throw noEvaluation(first, evaluation);
  const nameOf = ({ stored }: Side) => renamed.get(stored.name) ?? stored.name;
  const pairs: (readonly [Side, Side])[] = [];
  for (const [name, sides] of Map.groupBy(wanted, nameOf)) {
    const others = second.filter(({ stored }) => stored.name === name);
    if (others.length > 0) pairs.push(...pairsOf([sides, others], { name, selected }));
  }
  if (pairs.length === 0) throw nothingInCommon(wanted, second);
  const paired = new Set(pairs.flat());
  const named = new Set(wanted.map(nameOf));
  const also = second.filter(({ stored }) => evaluation === undefined || named.has(stored.name));
  const without = (sides: readonly Side[], others: readonly Side[]) =>
    sides.filter((side) => !paired.has(side))
      .map((side) => ({ side, missingIn: others[0]?.experiment ?? "" }));
  return { pairs, alone: [...without(wanted, second), ...without(also, first)] };
}

/**
 * Refuses a new name for what the first experiment does not have, or that none of the others has.
 *
 * @throws {DotevalsError} `no-evaluation`
 */
export function checkRenamed(
  renamed: ReadonlyMap<string, string>,
  { first, others }: { readonly first: readonly Side[]; readonly others: readonly Side[] },
): void {
  const lacks = (sides: readonly Side[], name: string) =>
    sides.every(({ stored }) => stored.name !== name);
  for (const [old, now] of renamed) {
    if (lacks(first, old)) throw noEvaluation(first, old);
    if (lacks(others, now)) throw noEvaluation(others, now);
  }
}

function pairsOf(
  [first, second]: readonly [readonly Side[], readonly Side[]],
  { name, selected }: { readonly name: string; readonly selected: readonly string[] },
): readonly (readonly [Side, Side])[] {
  const [a] = first;
  const [b] = second;
  if (a && b && first.length === 1 && second.length === 1) return [[a, b]];
  const variantOf = ({ variant }: Side) =>
    canonical(Object.fromEntries(
      Object.entries(variant).filter(([parameter]) => !selected.includes(parameter)),
    ));
  const pairs = first.flatMap((side) => {
    const found = second.filter((other) => variantOf(other) === variantOf(side));
    const rivals = first.filter((other) => variantOf(other) === variantOf(side));
    if (found.length + rivals.length > 2) throw ambiguous(name, first, second);
    return found.map((other) => [side, other] as const);
  });
  if (pairs.length === 0) throw ambiguous(name, first, second);
  return pairs;
}

function textOf(variant: Side["variant"], parameter: string): string | undefined {
  return Object.hasOwn(variant, parameter) ? variantText(variant[parameter]) : undefined;
}

function ambiguous(
  name: string,
  first: readonly Side[],
  second: readonly Side[],
): DotevalsError {
  const [a, b] = [first[0], second.at(-1)];
  const parameter =
    parametersOf([...first, ...second]).find((each) =>
      valuesOf([...first, ...second], each).length > 1
    ) ?? "";
  const select = (side: Side | undefined) =>
    side
      ? shellQuoted(`${side.experiment}:${parameter}=${textOf(side.variant, parameter) ?? ""}`)
      : "";
  const labels = (sides: readonly Side[]) =>
    sides.map(({ stored, variant }) => evaluationLabel(stored.name, variant)).join(", ");
  return new DotevalsError(
    `It is not clear which variants of "${name}" to compare: "${a?.experiment}" has ${
      labels(first)
    }; "${b?.experiment}" has ${labels(second)}.`,
    {
      code: "ambiguous-variants",
      hint: `Name one of each, such as: dotevals compare ${select(a)} ${select(b)}`,
    },
  );
}

function nothingInCommon(first: readonly Side[], second: readonly Side[]): DotevalsError {
  const names = (sides: readonly Side[]) => [...new Set(sides.map(({ stored }) => stored.name))];
  const list = (sides: readonly Side[]) =>
    names(sides).map((name) => JSON.stringify(name)).join(", ") || "no evaluations";
  const [a] = names(first);
  const [b] = names(second);
  return new DotevalsError(
    `The experiments have no evaluation in common: one has ${list(first)}, the other ${
      list(second)
    }.`,
    {
      code: "nothing-in-common",
      hint: a === undefined || b === undefined
        ? "Run the evaluations first."
        : `Where one was renamed, say so: --renamed ${shellQuoted(`${a}=${b}`)}`,
    },
  );
}

function noEvaluation(sides: readonly Side[], name: string): DotevalsError {
  const names = [...new Set(sides.map(({ stored }) => stored.name))];
  return new DotevalsError(
    `The experiment "${sides[0]?.experiment ?? ""}" has no evaluation named "${name}".`,
    {
      code: "no-evaluation",
      hint: names.length === 0 ? "It holds no evaluations yet." : suggestion(name, names),
    },
  );
}

interface Wanted {
  readonly name: string;
  readonly text: string;
  readonly experiment: string;
}

function noVariant(sides: readonly Side[], { name, text, experiment }: Wanted): DotevalsError {
  const values = valuesOf(sides, name);
  return new DotevalsError(
    `The experiment "${experiment}" has no variant with ${name}=${text}.`,
    {
      code: "no-variant",
      hint: values.length > 0
        ? suggestion(text, values)
        : parametersOf(sides).length > 0
        ? suggestion(name, parametersOf(sides))
        : "Its evaluations have no parameters.",
    },
  );
}
