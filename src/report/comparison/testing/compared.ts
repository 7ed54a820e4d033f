/**
 * Experiments made for tests, and what their comparison comes to.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DotevalsError } from "../../../errors.ts";
import { memoryStorage } from "../../../storage/memory.ts";
import type { Storage } from "../../../storage/storage.ts";
import type { ItemKey, ItemRecordDraft } from "../../../storage/stored_record.ts";
import { encode } from "../../../values/tagged.ts";
import { fill, type Filling } from "../../testing/filled_storage.ts";
import { compareExperiments, type CompareOptions } from "../compare_experiments.ts";
import type { ComparedPair, ComparedScore, Comparison } from "../comparison.ts";
import type { Selected } from "../pair_evaluations.ts";

export const OPTIONS: CompareOptions = {
  evaluation: undefined,
  renamed: new Map(),
  flips: 2,
  lowerIsBetter: [],
};

export function keyOf(n: number): ItemKey {
  return n.toString(16).padStart(32, "0") as ItemKey;
}

export type Draft = Partial<ItemRecordDraft>;

/** Row `n`, with its score `right` and what else it is to have. */
export function row(n: number, value: boolean | number | string, more: Draft = {}): Draft {
  return {
    key: keyOf(n),
    position: n,
    row: encode({ n }),
    response: encode(`answer ${value}`),
    scores: [{ name: "right", value, metadata: undefined }],
    ...more,
  };
}

export function failed(n: number, more: Draft = {}): Draft {
  const error = { name: "TypeError", message: "boom", stack: undefined };
  return { ...row(n, false), error, scores: [], response: undefined, ...more };
}

export function rows(count: number, valueOf: (n: number) => boolean | number): Draft[] {
  return Array.from({ length: count }, (_, n) => row(n, valueOf(n)));
}

export type Experiments = Readonly<Record<string, readonly Filling[] | readonly Draft[]>>;

export async function stored(experiments: Experiments): Promise<Storage> {
  const storage = memoryStorage();
  for (const [name, holds] of Object.entries(experiments)) {
    const fillings = holds.filter((each): each is Filling => "records" in each);
    const records = holds.filter((each): each is Draft => !("records" in each));
    await fill(storage, name, fillings.length > 0 ? fillings : [{ name: "sums", records }]);
  }
  return storage;
}

export async function compare(
  experiments: Experiments,
  words: readonly (string | Selected)[] = Object.keys(experiments),
  options: Partial<CompareOptions> = {},
): Promise<Comparison> {
  await using storage = await stored(experiments);
  const [first, ...others] = words.map((word): Selected =>
    typeof word === "string" ? { experiment: word, bindings: {} } : word
  );
  assert(first !== undefined);
  return await compareExperiments(storage, [first, ...others], { ...OPTIONS, ...options });
}

export function only(comparison: Comparison): { pair: ComparedPair; score: ComparedScore } {
  const [pair, ...others] = comparison.pairs;
  assert(pair !== undefined && others.length === 0);
  const [score, ...more] = pair.scores;
  assert(score !== undefined && more.length === 0);
  return { pair, score };
}

export async function refused(
  comparing: Promise<unknown>,
  code: string,
  hint: string,
): Promise<void> {
  const error = await assertRejects(() => comparing, DotevalsError);
  assertEquals([error.code, error.hint, error.exitCode], [code, hint, 2]);
}

/** The published table of Cavo and others (2012), as `paired_test.ts` has it. */
export function cavo(side: "first" | "second"): Draft[] {
  return rows(161, (n) => n < 59 || (side === "first" ? n >= 155 : n >= 139 && n < 155));
}

export const MODELS: readonly Filling[] = ["a", "b"].map((model) => ({
  name: "sums",
  variant: { model, style: "terse" },
  records: rows(8, () => model === "b"),
}));
