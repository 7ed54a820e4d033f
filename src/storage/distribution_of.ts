/**
 * How scores are spread that are all at hand.
 *
 * @module
 */
import { RunningSums } from "../metrics/running_sums.ts";
import {
  binOf,
  binsFor,
  isWholeRange,
  LABEL_CHARACTERS,
  type LowItem,
  MOST_LABELS,
  MOST_LOWEST,
  type NumberSpread,
  type ScoreDistribution,
} from "./score_distribution.ts";
import type { RecordedScore, StoredRecord } from "./stored_record.ts";

/** A score, and the item that it is of. */
export interface ScoreOfItem extends Pick<RecordedScore, "value"> {
  readonly item: Pick<StoredRecord, "key" | "repeat" | "position">;
}

/** How scores of one name are spread, `errors` items having ended with an error. */
export function distributionOf(scores: readonly ScoreOfItem[], errors: number): ScoreDistribution {
  const sums = new RunningSums();
  for (const { value, item } of scores) sums.add(value, item.repeat);
  const values = scores.map(({ value }) => value);
  const numbers = values.filter((value) => typeof value === "number");
  const texts = values.filter((value) => typeof value === "string");
  return {
    sums: sums.aggregate(errors),
    trues: values.filter((value) => value === true).length,
    numbers: spreadOf(numbers.filter(Number.isFinite)),
    notFinite: numbers.filter((number) => !Number.isFinite(number)).length,
    labels: labelsOf(texts),
    texts: texts.length,
    records: values.filter((value) => typeof value === "object").length,
    lowest: lowestOf(scores),
  };
}

function spreadOf(numbers: readonly number[]): NumberSpread | undefined {
  if (numbers.length === 0) return undefined;
  const min = numbers.reduce((least, number) => Math.min(least, number));
  const max = numbers.reduce((most, number) => Math.max(most, number));
  const whole = numbers.filter((number) => number === Math.trunc(number)).length;
  const isWhole = isWholeRange({ min, max, whole, count: numbers.length });
  const bins = binsFor({ min, max, isWhole });
  const counts = Array.from({ length: bins.count }, () => 0);
  for (const number of numbers) {
    const bin = binOf(number, bins);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const { from, step } = bins;
  return { count: numbers.length, min, max, isWhole, from, step, bins: counts };
}

function labelsOf(texts: readonly string[]): ScoreDistribution["labels"] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort(([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1))
    .slice(0, MOST_LABELS)
    .map(([label, count]) => ({ label: label.slice(0, LABEL_CHARACTERS), count }));
}

function lowestOf(scores: readonly ScoreOfItem[]): readonly LowItem[] {
  const items = scores.flatMap(({ value, item: { key, repeat, position } }) =>
    typeof value === "boolean" || Number.isFinite(value)
      ? [{ key, repeat, position, value: Number(value) }]
      : []
  );
  const sorted = items.sort((one, other) =>
    one.value - other.value || one.position - other.position || one.repeat - other.repeat
  );
  const highest = sorted.at(-1)?.value ?? 0;
  return sorted.slice(0, MOST_LOWEST).filter(({ value }) => value < highest);
}
