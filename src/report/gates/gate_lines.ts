/**
 * What became of gates, as people read it.
 *
 * @module
 */
import { LEVEL } from "../../metrics/metric_interval.ts";
import { wilsonInterval } from "../../stats/wilson_interval.ts";
import { counted, countText, dollarsText, valueText } from "../numbers.ts";
import { plain } from "../plain_text.ts";
import type { Style } from "../style.ts";
import { satisfies } from "./gate.ts";
import type { Judgement } from "./judge_gates.ts";

const ROUNDING = 1e-9;
const MOST_DIGITS = 17;

/** A line for each judgement: passed, or failed and what would have satisfied the gate. */
export function gateLines(judgements: readonly Judgement[], style: Style): readonly string[] {
  return judgements.map((judgement) => {
    const { gate, passed } = judgement;
    const end = passed ? style.green("gate passed") : style.red("gate failed");
    return `${end}: ${plain(gate.text.trim())}: ${reason(judgement)}`;
  });
}

/** Why a gate passed or failed, without its text. */
export function reason(judgement: Judgement): string {
  const { passed, problem } = judgement;
  const texts = figures(judgement);
  const found = judgement.metric === undefined
    ? countFound(judgement, texts)
    : metricFound(judgement, texts);
  if (passed) return found;
  return `${found}; ${problem ?? wanting(judgement, texts)}`;
}

/** A value and its limit as they are read. */
interface Figures {
  readonly value: string;
  readonly limit: string;
}

/** Both with as many digits as tell them apart, where a gate failed: not "0.800; it must be >= 0.800". */
function figures({ passed, gate, metric, value = NaN, limit = NaN }: Judgement): Figures {
  const textOf = (number: number) =>
    metric === undefined ? countValue(gate.subject, number) : valueText(number);
  const rounded = { value: textOf(value), limit: textOf(limit) };
  if (passed || value === limit || rounded.value !== rounded.limit) return rounded;
  const sign = rounded.value.startsWith("$") ? "$" : "";
  for (let digits = 3; digits <= MOST_DIGITS; digits++) {
    const [one, other] = [value, limit].map((number) => Number(number.toPrecision(digits)));
    if (one !== other) return { value: `${sign}${one}`, limit: `${sign}${other}` };
  }
  return rounded;
}

function metricFound(
  { label = "", gate, value, items, errors }: Judgement,
  texts: Figures,
): string {
  const bound = gate.bound === undefined ? "" : ` (${gate.bound} bound)`;
  const is = value === undefined ? "has no value" : `is ${texts.value}`;
  const withErrors = errors > 0 ? `, ${countText(errors)} with errors` : "";
  return `${plain(label)}${bound} ${is}, of ${counted(items, "item")}${withErrors}`;
}

function countFound({ label, value, items }: Judgement, texts: Figures): string {
  const of = `${counted(items, "item")}${label === undefined ? "" : ` of ${plain(label)}`}`;
  return `${value === undefined ? "not known" : texts.value} for ${of}`;
}

function countValue(subject: string, value: number): string {
  if (subject.endsWith("cost")) return dollarsText(value);
  return subject.endsWith("errorRate") ? valueText(value) : countText(value);
}

/** What would have satisfied the gate. */
function wanting(judgement: Judgement, texts: Figures): string {
  const { gate, limit = NaN, metric, items } = judgement;
  const { operator, bound } = gate;
  const must = `it must be ${operator} ${texts.limit}`;
  const right = metric === "accuracy" && operator.startsWith(">")
    ? rightItems(judgement)
    : undefined;
  if (right === undefined) return must;
  const needed = leastRight(judgement, limit);
  if (needed === undefined) return `${must}: with ${counted(items, "item")} it cannot be`;
  return bound === undefined
    ? `${must}: ${counted(needed - right, "more right item")} would be enough`
    : `${must}: with ${counted(items, "item")} an accuracy of ${
      valueText(needed / items)
    } would be enough`;
}

/** How many items are right, where the value is that of so many right and wrong ones. */
function rightItems(judgement: Judgement): number | undefined {
  const { value = NaN } = judgement;
  const right = leastRight(judgement, value - ROUNDING);
  if (right === undefined) return undefined;
  return Math.abs(valueFor(judgement, right) - value) < ROUNDING ? right : undefined;
}

/** The least number of right items that satisfies a gate on accuracy with this limit. */
function leastRight(judgement: Judgement, limit: number): number | undefined {
  const { gate, items } = judgement;
  const enough = (right: number) => satisfies(valueFor(judgement, right), gate.operator, limit);
  if (items === 0 || !enough(items)) return undefined;
  let [low, high] = [0, items];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** What a gate on accuracy would look at, were so many items right. */
function valueFor({ gate, items }: Judgement, right: number): number {
  if (gate.bound === undefined) return right / items;
  const { low, high } = wilsonInterval(right, items, LEVEL);
  return gate.bound === "lower" ? low : high;
}
