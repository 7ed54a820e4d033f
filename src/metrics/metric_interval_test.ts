import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { wilsonInterval } from "../stats/wilson_interval.ts";
import { detailedInterval, metricInterval } from "./metric_interval.ts";
import { RunningSums } from "./running_sums.ts";

function sumsOf(values: readonly ScoreValue[], { errors = 0, repeats = 1 } = {}): ScoreAggregate {
  const sums = new RunningSums();
  for (const value of values) for (let r = 0; r < repeats; r++) sums.add(value, r);
  return sums.aggregate(errors);
}

Deno.test("metricInterval() is Wilson's for booleans, errors counting as wrong in accuracy only", () => {
  const sums = sumsOf([true, true, false], { errors: 1 });
  assertEquals(metricInterval("accuracy", sums), wilsonInterval(2, 4, 0.95));
  assertEquals(metricInterval("mean", sums), wilsonInterval(2, 3, 0.95));
  assertEquals(metricInterval("accuracy", sumsOf([], { errors: 3 })), wilsonInterval(0, 3, 0.95));
});

Deno.test("metricInterval() is Student's for numbers", () => {
  // Mean 5, sample variance 32 / 7, eight values; 2.364624 is in any table of t, at 7 degrees.
  const interval = metricInterval("mean", sumsOf([2, 4, 4, 4, 5, 5, 7, 9]));
  assertAlmostEquals(interval?.low ?? NaN, 5 - 2.364624 * Math.sqrt(32 / 56), 1e-5);
  assertAlmostEquals(interval?.high ?? NaN, 5 + 2.364624 * Math.sqrt(32 / 56), 1e-5);
});

Deno.test("metricInterval() takes repeats of a row for one answer", () => {
  const values = [true, false, true, true];
  assertEquals(
    metricInterval("accuracy", sumsOf(values, { repeats: 5 })),
    metricInterval("accuracy", sumsOf(values)),
  );
});

Deno.test("metricInterval() says nothing of other metrics, of too little, and of what is not finite", () => {
  assertEquals(metricInterval("sum", sumsOf([1, 2])), undefined);
  assertEquals(metricInterval("mean", sumsOf([])), undefined);
  assertEquals(metricInterval("mean", sumsOf([0.5, 0.25, 1, 0])), undefined);
  assertEquals(metricInterval("mean", sumsOf([0.1, 0.1, 0.1])), undefined);
  assertEquals(metricInterval("accuracy", sumsOf([NaN, 1])), undefined);
});

Deno.test("detailedInterval() finds the interval that confidenceInterval() explains itself with", () => {
  assertEquals(detailedInterval({ low: 0.1, high: 0.2, level: 0.95 }), { low: 0.1, high: 0.2 });
  for (const details of [undefined, null, 3, { low: "a", high: 1 }, { art: { value: 1 } }]) {
    assertEquals(detailedInterval(details), undefined);
  }
});
