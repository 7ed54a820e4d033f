import { assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { BUILT_IN, type Metric, metric, type ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { accuracy } from "./accuracy.ts";
import { atLeast } from "./at_least.ts";
import { BUILT_IN_NAMES, builtinMetric } from "./builtin.ts";
import { bestOf } from "./best_of.ts";
import { calibrationError } from "./calibration_error.ts";
import { confidenceInterval } from "./confidence_interval.ts";
import { confusionMatrix } from "./confusion_matrix.ts";
import { correlation } from "./correlation.ts";
import { f1 } from "./f1.ts";
import { groupBy } from "./group_by.ts";
import { majority } from "./majority.ts";
import { max } from "./max.ts";
import { mean } from "./mean.ts";
import { meanOf } from "./mean_of.ts";
import { median } from "./median.ts";
import { min } from "./min.ts";
import { passAtK } from "./pass_at_k.ts";
import { precision } from "./precision.ts";
import { quantile } from "./quantile.ts";
import { recall } from "./recall.ts";
import { standardDeviation } from "./standard_deviation.ts";
import { standardError } from "./standard_error.ts";
import { sum } from "./sum.ts";

function valueOf(metric: Metric, values: readonly ScoreValue[], errors = 0): number | null {
  const state = metric.start();
  for (const value of values) state.add(value);
  return state.result(errors).value;
}

Deno.test("accuracy() is the share of true values", () => {
  assertEquals(valueOf(accuracy(), [true, false, true, true]), 0.75);
  assertEquals(valueOf(accuracy(), [false]), 0);
});

Deno.test("accuracy() counts errors as wrong", () => {
  assertEquals(valueOf(accuracy(), [true, true], 2), 0.5);
  assertEquals(valueOf(accuracy(), [], 3), 0);
});

Deno.test("accuracy() counts numbers as themselves, and texts and records as wrong", () => {
  assertEquals(valueOf(accuracy(), [0.5, 1, "yes", { a: 1 }]), 0.375);
});

Deno.test("accuracy() of nothing is null", () => {
  assertEquals(valueOf(accuracy(), []), null);
});

Deno.test("mean() is over numbers and booleans, without errors", () => {
  assertEquals(valueOf(mean(), [1, 2, true, "three", { four: 4 }], 5), 4 / 3);
});

Deno.test("mean() without a number is null", () => {
  assertEquals(valueOf(mean(), []), null);
  assertEquals(valueOf(mean(), ["a"], 1), null);
});

Deno.test("a score that is NaN or infinite leaves no value", () => {
  for (const metric of [accuracy(), mean()]) {
    for (const odd of [NaN, Infinity]) assertEquals(valueOf(metric, [1, odd, 0]), null);
  }
});

Deno.test("a metric has the same value from scores one by one as from their sums", () => {
  const values = fc.array(fc.oneof(fc.boolean(), fc.integer(), fc.string()));
  fc.assert(fc.property(values, fc.nat(9), (scores, errors) => {
    const numbers = scores.filter((score) => typeof score !== "string").map(Number);
    const sum = numbers.reduce((total, number) => total + number, 0);
    const aggregate: ScoreAggregate = {
      count: scores.length,
      sum,
      numeric: numbers.length,
      booleans: scores.filter((score) => typeof score === "boolean").length,
      squares: 0,
      repeats: 1,
      errors,
    };
    for (const metric of [accuracy(), mean()]) {
      assertEquals(valueOf(metric, scores, errors), metric.fromAggregate?.(aggregate).value);
    }
  }));
});

Deno.test("builtinMetric() makes no metrics of other names and parameters", () => {
  assertEquals(builtinMetric("toString", {}), undefined);
  assertEquals(
    builtinMetric("groupBy(accuracy)", { metric: ["mine", {}], column: "a" }),
    undefined,
  );
  assertEquals(builtinMetric("accuracy", { since: 2 }), undefined);
  assertEquals(builtinMetric("quantile", { q: 7 }), undefined);
});

Deno.test("metric() refuses the names of the built-in ones, also with parentheses", () => {
  assertEquals([...BUILT_IN], [...BUILT_IN_NAMES]);
  for (const name of ["median", "groupBy(mine)"]) {
    assertThrows(() => metric(name, () => 0), TypeError, `The name "${name}" is a built-in`);
  }
});

Deno.test("every metric says what it has of nothing", () => {
  const empty = [
    [atLeast(2, accuracy()), null],
    [bestOf(accuracy()), null],
    [calibrationError(), null],
    [confidenceInterval(), null],
    [confusionMatrix(), null],
    [correlation(), null],
    [correlation({ method: "spearman" }), null],
    [f1(), null],
    [groupBy(sum(), "a"), 0],
    [majority(accuracy()), null],
    [max(), null],
    [meanOf(mean()), null],
    [median(), null],
    [min(), null],
    [passAtK(1), null],
    [precision(), null],
    [quantile(0.5), null],
    [recall(), null],
    [standardDeviation(), null],
    [standardError(), null],
    [sum(), 0],
  ] as const;
  for (const [each, value] of empty) {
    assertEquals([each.name, valueOf(each, [])], [each.name, value]);
    if (/accuracy|confidenceInterval|passAtK/.test(each.name)) continue;
    assertEquals([each.name, valueOf(each, ["text", { a: null }])], [each.name, value]);
  }
});

Deno.test("numbers that are not finite leave no value where they matter", () => {
  const metrics = [
    sum(),
    max(),
    median(),
    standardDeviation(),
    standardError(),
    confidenceInterval(),
  ];
  for (const each of metrics) {
    assertEquals([each.name, valueOf(each, [1, NaN, 2])], [each.name, null]);
  }
});

Deno.test("precision, recall and F1 agree with scikit-learn's documentation", () => {
  // sklearn.metrics.precision_score, recall_score, f1_score: y_true and y_pred of their examples.
  const scores = labelled([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]);
  const near = (metric: Metric, expected: number) =>
    assertAlmostEquals(valueOf(metric, scores) ?? NaN, expected, 0.005);
  near(precision({ average: "macro" }), 0.22);
  near(precision({ average: "micro" }), 0.33);
  near(recall({ average: "macro" }), 0.33);
  near(recall({ average: "micro" }), 0.33);
  near(f1({ average: "macro" }), 0.267);
  near(f1({ average: "micro" }), 0.33);
  // sklearn.metrics.precision_recall_fscore_support and f1_score for binary labels.
  const binary = labelled([0, 1, 0, 1], [0, 1, 0, 0]);
  assertEquals(valueOf(precision({ positive: 1 }), binary), 1);
  assertEquals(valueOf(recall({ positive: 1 }), binary), 0.5);
  assertEquals(valueOf(recall({ positive: "1" }), binary), 0);
});

Deno.test("confusionMatrix() agrees with scikit-learn's documentation", () => {
  const state = confusionMatrix().start();
  for (const score of labelled([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2])) state.add(score);
  assertEquals(state.result(0).details, {
    labels: [0, 1, 2],
    counts: [[2, 0, 0], [0, 0, 1], [1, 0, 2]],
  });
});

Deno.test("correlation() by ranks agrees with SciPy's documentation", () => {
  // scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])
  const scores = labelled([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]);
  const value = valueOf(correlation({ method: "spearman" }), scores);
  assertAlmostEquals(value ?? NaN, 0.8207826816681233, 1e-12);
});

Deno.test("calibrationError() agrees with TorchMetrics' documentation", () => {
  // BinaryCalibrationError(n_bins=2, norm="l1"): 0.2900
  const confidences = [0.25, 0.25, 0.55, 0.75, 0.75];
  const scores = confidences.map((confidence, n) => ({ confidence, correct: n > 1 }));
  assertAlmostEquals(valueOf(calibrationError({ bins: 2 }), scores) ?? NaN, 0.29, 1e-9);
});

Deno.test("passAtK() is the chance that a draw of k repeats holds a right one", () => {
  const draws = (n: number, c: number, k: number) => {
    const state = passAtK(k).start();
    for (let repeat = 0; repeat < n; repeat++) state.add(repeat < c, { key: "a", repeat });
    return state.result(0).value;
  };
  // By counting: of the 10 pairs of 5 tries, 3 hold none of the 2 right ones.
  assertAlmostEquals(draws(5, 2, 2) ?? NaN, 0.7);
  assertEquals([draws(5, 0, 2), draws(5, 5, 2), draws(3, 1, 3), draws(2, 1, 3)], [0, 1, 1, null]);
  const failing = passAtK(1).start();
  failing.addError?.({ key: "a", repeat: 0 });
  assertEquals(failing.result(1).value, 0);
});

Deno.test("standardError() by clusters is that of Miller (2024), equation 4, pair by pair", () => {
  const clusters = [[1, 0, 1], [0.5], [0, 0.25]];
  const values = clusters.flat();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  let pairs = 0;
  for (const cluster of clusters) {
    for (const [i, one] of cluster.entries()) {
      for (const [j, other] of cluster.entries()) {
        if (i !== j) pairs += (one - mean) * (other - mean);
      }
    }
  }
  const expected = Math.sqrt(
    squares / (values.length - 1) / values.length + pairs / values.length ** 2,
  );
  const state = standardError({ cluster: "item" }).start();
  for (const [key, cluster] of clusters.entries()) {
    for (const [repeat, value] of cluster.entries()) state.add(value, { key: `${key}`, repeat });
  }
  assertAlmostEquals(state.result(0).value ?? NaN, expected, 1e-12);
});

Deno.test("repeats are reduced, those with errors too", () => {
  const reduced = (metric: Metric, repeats: readonly (ScoreValue | undefined)[]) => {
    const state = metric.start();
    for (const [repeat, value] of repeats.entries()) {
      if (value === undefined) state.addError?.({ key: "a", repeat });
      else state.add(value, { key: "a", repeat });
    }
    return state.result(repeats.filter((value) => value === undefined).length).value;
  };
  assertEquals(reduced(meanOf(accuracy()), [true, undefined]), 0.5);
  assertEquals(reduced(meanOf(mean()), [4, undefined, 2]), 3);
  assertEquals(reduced(meanOf(accuracy()), [undefined]), 0);
  assertEquals(reduced(bestOf(mean()), [1, 3, undefined, "x"]), 3);
  assertEquals(reduced(majority(accuracy()), [true, true, undefined]), 1);
  assertEquals(reduced(majority(accuracy()), [true, undefined]), 0);
  assertEquals(reduced(majority(accuracy()), [true, false]), 0);
  assertEquals(reduced(majority(mean()), [7, 7, 1]), 7);
  assertEquals(reduced(majority(mean()), [true, 7]), null);
  assertEquals(reduced(atLeast(2, accuracy()), [true, undefined, 1]), 1);
  assertEquals(reduced(atLeast(2, accuracy()), [true, undefined]), 0);
});

Deno.test("groupBy() counts errors in the groups that they belong to", () => {
  const state = groupBy(accuracy(), "subject").start();
  state.add(true, { key: "a", repeat: 0, row: { subject: "law" } });
  state.addError?.({ key: "b", repeat: 0, row: { subject: "law" } });
  state.addError?.({ key: "c", repeat: 0, row: { subject: 7 } });
  state.add(true, { key: "d", repeat: 0, row: {} });
  const { value, details } = state.result(2);
  assertEquals(value, 0.5);
  assertEquals(Object.keys(details ?? {}).length, 3);
  assertMatch(JSON.stringify(details), /"7":{"value":0,"count":1}.*"law":{"value":0.5,"count":2}/);
});

Deno.test("parameters out of range are refused where the metric is made", () => {
  const wrong = [
    () => quantile(1.5),
    () => passAtK(0),
    () => atLeast(1.5, accuracy()),
    () => confidenceInterval({ level: 95 }),
    () => confidenceInterval({ resamples: 0 }),
    () => calibrationError({ bins: 0 }),
  ];
  for (const make of wrong) assertThrows(make, RangeError);
});

function labelled(
  expected: readonly number[],
  predicted: readonly number[],
): readonly { readonly expected: number; readonly predicted: number }[] {
  return expected.map((label, n) => ({ expected: label, predicted: predicted[n] ?? NaN }));
}
