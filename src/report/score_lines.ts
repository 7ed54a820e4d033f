/**
 * How scores are spread, as people read it: a histogram, and the items with the lowest scores.
 *
 * @module
 */
import type { NumberSpread, ScoreDistribution } from "../storage/score_distribution.ts";
import { type Bar, barLines, sparkline } from "./bars.ts";
import type { EvaluationReport } from "./experiment_report.ts";
import { shortKey } from "./item_key.ts";
import { placeOf } from "./item_place.ts";
import { countText, valueText } from "./numbers.ts";
import { plain } from "./plain_text.ts";
import type { Style } from "./style.ts";
import { truncated, widthOf } from "./text_width.ts";

const COLUMNS = 100;

/** How lines are to look. */
export interface ScoreLinesOptions {
  readonly style: Style;
  /** Columns that a line may take; `undefined` for as many as it needs. */
  readonly columns: number | undefined;
}

/** A histogram of each score. */
export function scoreLines(
  { stored, distributions }: EvaluationReport,
  { style, columns = COLUMNS }: ScoreLinesOptions,
): readonly string[] {
  const all = stored.completed;
  return [...distributions].flatMap(([name, distribution]) => [
    `  ${plain(name)}`,
    ...barLines(barsOf(distribution, style), { style, columns, indent: "    ", all }),
    ...lowestLines(distribution, { items: all, columns }).map(style.dim),
  ]);
}

/** Each score in a line: for where there are many evaluations. */
export function scoreSummaries(
  { stored, distributions }: EvaluationReport,
  { style, columns = COLUMNS }: ScoreLinesOptions,
): readonly string[] {
  return [...distributions].map(([name, distribution]) => {
    const { numbers } = distribution;
    const bars = barsOf(distribution, style);
    const spark = numbers && numbers.count === stored.completed
      ? `${numberText(numbers.min, numbers)} ${sparkline(numbers.bins)} ${
        numberText(numbers.max, numbers)
      }`
      : bars.map(({ label, count }) => `${label} ${countText(count)}`).join(", ");
    return truncated(`  ${plain(name)}  ${spark}`, columns);
  });
}

function barsOf(distribution: ScoreDistribution, style: Style): readonly Bar[] {
  const { sums, trues, numbers, notFinite, labels, texts, records } = distribution;
  const { booleans, errors } = sums;
  const counted = labels.reduce((sum, { count }) => sum + count, 0);
  return [
    ...booleans > 0
      ? [
        { label: "true", count: trues, paint: style.green },
        { label: "false", count: booleans - trues, paint: style.yellow },
      ]
      : [],
    ...numbers ? numberBars(numbers) : [],
    ...some({ label: "not finite", count: notFinite }),
    ...labels.map(({ label, count }) => ({ label: plain(label), count })),
    ...some({ label: "other texts", count: texts - counted }),
    ...some({ label: "records", count: records }),
    ...some({ label: "errors", count: errors, paint: style.red }),
  ];
}

function some(bar: Bar): readonly Bar[] {
  return bar.count > 0 ? [bar] : [];
}

function numberBars(numbers: NumberSpread): readonly Bar[] {
  const { from, step, bins, isWhole } = numbers;
  if (bins.length === 0) {
    const label = `${valueText(numbers.min)}–${valueText(numbers.max)}`;
    return [{ label, count: numbers.count }];
  }
  if (bins.length === 1) {
    const [low, high] = [numberText(numbers.min, numbers), numberText(numbers.max, numbers)];
    return [{ label: low === high ? low : `${low}–${high}`, count: numbers.count }];
  }
  return bins.map((count, at) => {
    const low = numberText(from + at * step, numbers);
    return {
      label: isWhole ? low : `${low}–${numberText(from + (at + 1) * step, numbers)}`,
      count,
    };
  });
}

/** A number with the decimals that its bins' bounds have; a bin alone is no measure of them. */
function numberText(number: number, { step, isWhole, bins }: NumberSpread): string {
  const isAlone = bins.length === 1;
  if (isWhole || isAlone || Math.abs(number) >= 1e6 || step < 1e-6) {
    return valueTextOf(number, isWhole);
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (Math.abs(number) < step * 1e-6 ? 0 : number).toFixed(decimals);
}

function valueTextOf(number: number, isWhole: boolean): string {
  return isWhole ? String(number) : Number(number.toPrecision(6)).toString();
}

/** The keys of the items with the lowest scores; none where all scores are equal. */
function lowestLines(
  { lowest, numbers }: ScoreDistribution,
  { items, columns }: { readonly items: number; readonly columns: number },
): readonly string[] {
  if (lowest.length === 0) return [];
  const named = lowest.map(({ value, ...item }) => {
    const text = numbers ? valueText(value) : String(value !== 0);
    return `${shortKey(item.key, items)} (${text}, ${placeOf(item)})`;
  });
  const line = `    lowest: ${named.join(", ")}`;
  if (widthOf(line) <= columns) return [line];
  return ["    lowest", ...named.map((one) => truncated(`      ${one}`, columns))];
}
