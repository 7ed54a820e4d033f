import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isMetric, type Metric, type ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { accuracy } from "./accuracy.ts";
import { builtinMetric } from "./builtin.ts";
import { mean } from "./mean.ts";

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
      errors,
    };
    for (const metric of [accuracy(), mean()]) {
      assertEquals(valueOf(metric, scores, errors), metric.fromAggregate?.(aggregate).value);
    }
  }));
});

Deno.test("builtinMetric() makes stored metrics again, and no others", () => {
  for (const metric of [accuracy(), mean()]) {
    const made = builtinMetric(metric.name, metric.parameters);
    assert(isMetric(made));
    assertEquals(made.name, metric.name);
  }
  assertEquals(builtinMetric("toString", {}), undefined);
  assertEquals(builtinMetric("accuracy", { since: 2 }), undefined);
});
