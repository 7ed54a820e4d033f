/**
 * A metric for each value of a column.
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
import { withoutPause } from "../stats/sorted.ts";
import { columnText } from "./column_text.ts";
import { stepsOf } from "./steps_of.ts";

/**
 * A metric over all scores, and in its details over the scores of each group: the items whose row has
 * the same value in a column (`groupBy(accuracy(), "subject")`). Of rows that are arrays the column is a
 * place, from `"0"`.
 *
 * `details` is an object with a `{ value, count }` per group, `count` being its items, those with
 * errors among them. A row without the column is in the group of `undefined`. Empty input gives what
 * the metric gives for it.
 *
 * @example
 * ```ts
 * import { accuracy, groupBy } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = groupBy(accuracy(), "subject").start();
 * state.add(true, { key: "a", repeat: 0, row: { subject: "law" } });
 * state.add(false, { key: "b", repeat: 0, row: { subject: "art" } });
 * const { value, details } = state.result(0);
 * assertEquals(value, 0.5);
 * assertEquals(details, { art: { value: 0, count: 1 }, law: { value: 1, count: 1 } });
 * ```
 */
export function groupBy(metric: Metric, column: string): Metric {
  return {
    [METRIC]: 1,
    name: `groupBy(${metric.name})`,
    parameters: { metric: [metric.name, metric.parameters], column },
    needs: "row",
    start: () => {
      const all = metric.start();
      const groups = new Map<string, Group>();
      const groupOf = (item: ScoredItem | undefined) => {
        const name = columnText(item?.row, column);
        const group = groups.get(name) ?? { state: metric.start(), count: 0, errors: 0 };
        groups.set(name, group);
        group.count++;
        return group;
      };
      return {
        add: (value, item) => {
          all.add(value, item);
          groupOf(item).state.add(value, item);
        },
        addError: (item) => {
          all.addError?.(item);
          const group = groupOf(item);
          group.state.addError?.(item);
          group.errors++;
        },
        result: (errors) => withoutPause(resultOf(all, groups, errors)),
        steps: (errors) => resultOf(all, groups, errors),
      };
    },
  };
}

interface Group {
  readonly state: MetricState;
  count: number;
  errors: number;
}

function* resultOf(
  all: MetricState,
  groups: ReadonlyMap<string, Group>,
  errors: number,
): Generator<void, MetricValue> {
  const { value } = yield* stepsOf(all, errors);
  const details: [string, MetricParameter][] = [];
  const inOrder = [...groups].sort(([one], [other]) => one < other ? -1 : 1);
  for (const [name, { state, count, errors }] of inOrder) {
    details.push([name, { ...yield* stepsOf(state, errors), count }]);
    yield;
  }
  return { value, details: Object.fromEntries(details) };
}
