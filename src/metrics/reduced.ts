/**
 * Metrics over items whose repeats were made one score first.
 *
 * @module
 */
import {
  METRIC,
  type Metric,
  type MetricParameter,
  type MetricState,
  type MetricValue,
  type ScoredItem,
} from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { withoutPause } from "../stats/sorted.ts";
import { stepsOf } from "./steps_of.ts";

/** Collects the repeats of one item. */
export interface Repeats {
  /** Takes in a repeat's score. */
  add(value: ScoreValue): void;
  /** Takes in a repeat that ended with an error. */
  addError(): void;
  /** The item's one score; `undefined` where the item as a whole counts as an error. */
  reduced(): ScoreValue | undefined;
}

/** How repeats become one score. */
export interface Reduction {
  readonly name: string;
  readonly parameters: Readonly<Record<string, MetricParameter>>;
  readonly start: () => Repeats;
}

interface Reducing {
  readonly item: ScoredItem;
  readonly repeats: Repeats;
}

/** A metric over one score per item. */
export function reducedMetric(metric: Metric, { name, parameters, start }: Reduction): Metric {
  return {
    [METRIC]: 1,
    name: `${name}(${metric.name})`,
    parameters: { ...parameters, metric: [metric.name, metric.parameters] },
    needs: metric.needs ?? "item",
    start: () => {
      const items = new Map<string, Reducing>();
      let alone = 0;
      const repeatsOf = (item: ScoredItem) => {
        const reducing = items.get(item.key) ?? { item: { ...item, repeat: 0 }, repeats: start() };
        items.set(item.key, reducing);
        return reducing.repeats;
      };
      return {
        add: (value, item = { key: `alone ${alone++}`, repeat: 0 }) => repeatsOf(item).add(value),
        addError: (item) => repeatsOf(item).addError(),
        result: () => withoutPause(resultOf(metric.start(), items.values())),
        steps: () => resultOf(metric.start(), items.values()),
      };
    },
  };
}

/** So many items are reduced within a few milliseconds. */
const ITEMS = 5_000;

function* resultOf(state: MetricState, items: Iterable<Reducing>): Generator<void, MetricValue> {
  let errors = 0;
  let passed = 0;
  for (const { item, repeats } of items) {
    if (++passed % ITEMS === 0) yield;
    const value = repeats.reduced();
    if (value !== undefined) state.add(value, item);
    else {
      state.addError?.(item);
      errors++;
    }
  }
  return yield* stepsOf(state, errors);
}
