/**
 * A metric for each value of a column.
 *
 * @module
 */
import {
  METRIC,
  type Metric,
  type MetricState,
  type MetricValue,
  type ScoredItem,
} from "../evaluation/metric.ts";
import { columnText } from "./column_text.ts";

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
        result: (errors) => ({ value: all.result(errors).value, details: details(groups) }),
      };
    },
  };
}

interface Group {
  readonly state: MetricState;
  count: number;
  errors: number;
}

function details(groups: ReadonlyMap<string, Group>): NonNullable<MetricValue["details"]> {
  const names = [...groups.keys()].sort();
  return Object.fromEntries(names.map((name) => {
    const { state, count, errors } = groups.get(name) ?? { state: undefined, count: 0, errors: 0 };
    return [name, { ...state?.result(errors) ?? { value: null }, count }];
  }));
}
