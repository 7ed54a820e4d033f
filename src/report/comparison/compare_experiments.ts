/**
 * Compares experiments row by row, from a storage alone.
 *
 * @module
 */
import { DotevalsError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { holm } from "../../stats/holm.ts";
import type { PairedPart, RowCounts } from "../../storage/paired_scores.ts";
import type { Storage } from "../../storage/storage.ts";
import type { ItemKey, StoredRecord } from "../../storage/stored_record.ts";
import { scoreFigures, verdictOf } from "./compare_scores.ts";
import type { ComparedPair, ComparedScore, Comparison, Flip, Side } from "./comparison.ts";
import {
  checkRenamed,
  pairEvaluations,
  type Pairing,
  type PairingOptions,
  type Selected,
  sidesOf,
} from "./pair_evaluations.ts";
import { type Changed, ScoreTally } from "./score_tally.ts";

/** Changed rows whose records are read at once: a remote database takes its time for each. */
const READ_AT_ONCE = 10;

/** What is to be compared, and how. */
export interface CompareOptions extends PairingOptions {
  /** Rows to show in each direction, at the most, for each score. */
  readonly flips: number;
  /** Scores of which less is better. */
  readonly lowerIsBetter: readonly string[];
}

/**
 * Compares each of the others with the first.
 *
 * @throws {DotevalsError} where it is not clear what to compare with what, or there is nothing
 */
export async function compareExperiments(
  storage: Storage,
  [first, ...others]: readonly [Selected, ...Selected[]],
  options: CompareOptions,
): Promise<Comparison> {
  const baseline = await sidesOf(storage, first);
  const compared: (readonly [Selected, readonly Side[]])[] = [];
  for (const other of others) compared.push([other, await sidesOf(storage, other)]);
  checkRenamed(options.renamed, {
    first: baseline,
    others: compared.flatMap(([, sides]) => sides),
  });
  const pairings: Pairing[] = [];
  for (const [other, sides] of compared) {
    const selected = [...Object.keys(first.bindings), ...Object.keys(other.bindings)];
    pairings.push(pairEvaluations([baseline, sides], { ...options, selected }));
  }
  const pairs: UntestedPair[] = [];
  for (const [a, b] of pairings.flatMap(({ pairs }) => pairs)) {
    if (a.stored.id === b.stored.id) throw withItself(a);
    pairs.push(await comparePair(storage, [a, b], options));
  }
  const names = new Set(pairs.flatMap(({ scores, notCompared }) => [
    ...scores.map(({ score }) => score),
    ...notCompared,
  ]));
  for (const name of options.lowerIsBetter) if (!names.has(name)) throw noScore(name, [...names]);
  return { ...tested(pairs), alone: pairings.flatMap(({ alone }) => alone) };
}

/** A score whose p-value is not adjusted yet. */
type UntestedScore = Omit<ComparedScore, "adjustedP" | "verdict">;
type UntestedPair = Omit<ComparedPair, "scores"> & { readonly scores: readonly UntestedScore[] };

/** With p-values adjusted over all tests. */
function tested(pairs: readonly UntestedPair[]): Pick<Comparison, "pairs" | "tests"> {
  const all = pairs.flatMap(({ scores }) => scores);
  const adjusted = new Map(holm(all.map(({ p }) => p)).map((p, index) => [all[index], p]));
  return {
    pairs: pairs.map((pair) => ({
      ...pair,
      scores: pair.scores.map((score) => {
        const own = { ...score, adjustedP: adjusted.get(score) ?? 1 };
        return { ...own, verdict: verdictOf(own) };
      }),
    })),
    tests: all.length,
  };
}

async function comparePair(
  storage: Storage,
  [first, second]: readonly [Side, Side],
  { flips, lowerIsBetter }: CompareOptions,
): Promise<UntestedPair> {
  const parts = storage.pairedScores(first.stored.id, second.stored.id, { keys: flips });
  const { counts, tallies, names } = await tallied(parts, flips);
  const scores: UntestedScore[] = [];
  for (const [score, tally] of tallies) {
    const read = (changed: readonly Changed[]) => flipsOf(storage, [first, second], changed);
    const figures = scoreFigures(tally);
    scores.push({
      ...figures,
      score,
      isShare: tally.isShare,
      lowerIsBetter: lowerIsBetter.includes(score),
      unscored: counts.both - counts.failed - figures.rows,
      hasRepeats: tally.hasRepeats,
      changes: tally.changes,
      up: await read(tally.up),
      down: await read(tally.down),
    });
  }
  const notCompared = [...names].filter((name) => !tallies.has(name));
  return { first, second, counts, scores, notCompared };
}

interface Tallied {
  readonly counts: RowCounts;
  readonly tallies: ReadonlyMap<string, ScoreTally>;
  /** The names of all scores, compared or not. */
  readonly names: ReadonlySet<string>;
}

async function tallied(parts: AsyncIterable<PairedPart>, flips: number): Promise<Tallied> {
  const tallies = new Map<string, ScoreTally>();
  const names = new Set<string>();
  let counts: RowCounts = {
    first: 0,
    second: 0,
    both: 0,
    firstFailed: 0,
    secondFailed: 0,
    failed: 0,
  };
  for await (const part of parts) {
    counts = added(counts, part.counts);
    for (const group of part.scores) {
      names.add(group.score);
      if (group.first.count === 0 || group.second.count === 0) continue;
      const tally = tallies.get(group.score) ?? new ScoreTally(flips);
      tally.add(group);
      tallies.set(group.score, tally);
    }
  }
  return { counts, tallies, names };
}

function added(a: RowCounts, b: RowCounts): RowCounts {
  return {
    first: a.first + b.first,
    second: a.second + b.second,
    both: a.both + b.both,
    firstFailed: a.firstFailed + b.firstFailed,
    secondFailed: a.secondFailed + b.secondFailed,
    failed: a.failed + b.failed,
  };
}

/** The records of changed rows: those that changed most first, else in the order of the dataset. */
async function flipsOf(
  storage: Storage,
  [first, second]: readonly [Side, Side],
  changed: readonly Changed[],
): Promise<readonly Flip[]> {
  const read = ({ stored }: Side, keyPrefix: ItemKey): Promise<StoredRecord[]> =>
    Array.fromAsync(storage.records(stored.id, { keyPrefix }));
  const flips: Flip[] = [];
  for (let at = 0; at < changed.length; at += READ_AT_ONCE) {
    const some = changed.slice(at, at + READ_AT_ONCE).map(async ({ key, difference }) => ({
      key,
      difference,
      first: await read(first, key),
      second: await read(second, key),
    }));
    flips.push(...await Promise.all(some));
  }
  const positionOf = ({ first: [record] }: Flip) => record?.position ?? 0;
  return flips.toSorted((a, b) =>
    Math.abs(b.difference) - Math.abs(a.difference) || positionOf(a) - positionOf(b)
  );
}

function withItself({ experiment, stored }: Side): DotevalsError {
  return new DotevalsError(
    `"${stored.name}" of the experiment "${experiment}" would be compared with itself.`,
    {
      code: "nothing-to-compare",
      hint: "Name two experiments, or a parameter of one whose values to compare: --by model",
    },
  );
}

function noScore(name: string, names: readonly string[]): DotevalsError {
  return new DotevalsError(`There is no score named "${name}" to compare.`, {
    code: "no-score",
    hint: names.length === 0 ? "There are none in common." : suggestion(name, names),
  });
}
