import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bootstrapInterval } from "./bootstrap_interval.ts";
import { Covariance } from "./covariance.ts";
import { Moments } from "./moments.ts";
import { normalQuantile } from "./normal_quantile.ts";
import { quantileOf } from "./quantile.ts";
import { ranksOf } from "./ranks.ts";
import { seededRandom } from "./seeded_random.ts";
import { sorted, withoutPause } from "./sorted.ts";
import { wilsonInterval } from "./wilson_interval.ts";

Deno.test("wilsonInterval() agrees with the table of Newcombe (1998), method 3", () => {
  // "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, table I.
  const table = [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [
    1,
    29,
    0.0061,
    0.1718,
  ]] as const;
  for (const [successes, count, low, high] of table) {
    const interval = wilsonInterval(successes, count, 0.95);
    assertAlmostEquals(interval.low, low, 0.00005);
    assertAlmostEquals(interval.high, high, 0.00005);
  }
});

Deno.test("normalQuantile() agrees with tables of the normal distribution", () => {
  // Abramowitz and Stegun (1964), table 26.5, and the well-known 1.959963984540054.
  const table = [
    [0.975, 1.959963984540054],
    [0.5, 0],
    [0.995, 2.5758293035489],
    [
      0.9995,
      3.2905267314919,
    ],
    [0.025, -1.959963984540054],
    [0.9, 1.2815515655446],
  ] as const;
  for (const [p, z] of table) assertAlmostEquals(normalQuantile(p), z, 1e-12);
});

Deno.test("Moments has the sample variance of the textbook example, whatever is added to all", () => {
  // NIST/ITL Statistical Reference Datasets, NumAcc3: mean 1000000.2, standard deviation 0.1.
  const moments = new Moments();
  moments.add(1_000_000.2);
  for (let n = 0; n < 500; n++) {
    moments.add(1_000_000.1);
    moments.add(1_000_000.3);
  }
  assertAlmostEquals(moments.mean, 1_000_000.2, 1e-7);
  assertAlmostEquals(Math.sqrt(moments.variance ?? NaN), 0.1, 1e-8);
  assertEquals(new Moments().variance, undefined);
  const counted = new Moments();
  for (const [value, times] of [[1, 2], [4, 1], [2, 3]] as const) counted.add(value, times);
  assertEquals([counted.count, counted.mean], [6, 2]);
  assertAlmostEquals(counted.variance ?? NaN, 6 / 5, 1e-12);
});

Deno.test("quantileOf() interpolates as R's type 7 does", () => {
  assertEquals(quantileOf([1, 2, 3, 4], 0.5), 2.5);
  assertEquals(quantileOf([1, 2, 3, 4], 0.25), 1.75);
  assertEquals(quantileOf([5], 0.9), 5);
  assertEquals(quantileOf([], 0.5), undefined);
});

Deno.test("Covariance gives Pearson's correlation as SciPy's documentation does", () => {
  // scipy.stats.pearsonr([1, 2, 3, 4, 5, 6, 7], [10, 9, 2.5, 6, 4, 3, 2])
  const pairs = new Covariance();
  const y = [10, 9, 2.5, 6, 4, 3, 2];
  for (const [n, value] of y.entries()) pairs.add(n + 1, value);
  assertAlmostEquals(pairs.correlation ?? NaN, -0.8285038835884279, 1e-12);
  const flat = new Covariance();
  flat.add(1, 1);
  flat.add(1, 2);
  assertEquals(flat.correlation, undefined);
});

Deno.test("ranksOf() gives equal values the mean of their ranks", () => {
  assertEquals([...withoutPause(ranksOf([5, 6, 7, 8, 7]))], [1, 2, 3.5, 5, 3.5]);
});

Deno.test("seededRandom() repeats itself for a seed only, and is spread evenly", () => {
  const draws = (seed: number) => Array.from({ length: 10_000 }, seededRandom(seed));
  assertEquals(draws(1), draws(1));
  assert(draws(1)[0] !== draws(2)[0]);
  const mean = draws(7).reduce((sum, value) => sum + value, 0) / 10_000;
  assertAlmostEquals(mean, 0.5, 0.02);
  assert(draws(7).every((value) => value >= 0 && value < 1));
});

Deno.test("bootstrapInterval() is near mean ± 1.96 standard errors, in any order of the values", () => {
  const values = Array.from({ length: 400 }, seededRandom(3));
  const options = { level: 0.95, resamples: 2_000, seed: 0 };
  const { low, high } = withoutPause(bootstrapInterval(values, options));
  const moments = new Moments();
  for (const value of values) moments.add(value);
  const half = 1.96 * Math.sqrt((moments.variance ?? NaN) / values.length);
  assertAlmostEquals(low, moments.mean - half, half / 5);
  assertAlmostEquals(high, moments.mean + half, half / 5);
  fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1 }), (numbers) => {
    const few = { ...options, resamples: 20 };
    const of = (values: readonly number[]) => withoutPause(bootstrapInterval(values, few));
    assertEquals(of(numbers), of(numbers.toReversed()));
  }));
});

Deno.test("sorted() sorts as the built-in sort does, in steps, whatever is equal, infinite or NaN", () => {
  for (const length of [0, 1, 32_768, 32_769, 100_000, 131_073]) {
    const random = seededRandom(length);
    const values = Float64Array.from({ length }, () => {
      const draw = random();
      return draw < 0.01
        ? [NaN, Infinity, -Infinity][Math.floor(draw * 300)] ?? 0
        : Math.round(draw * 5e4);
    });
    assertEquals(withoutPause(sorted(values.slice())), values.slice().sort());
  }
});

Deno.test("bootstrapInterval() is near mean ± 1.96 standard errors of many values, too", () => {
  const values = Array.from({ length: 150_000 }, seededRandom(5));
  const options = { level: 0.95, resamples: 400, seed: 0 };
  const { low, high } = withoutPause(bootstrapInterval(values, options));
  const moments = new Moments();
  for (const value of values) moments.add(value);
  const half = 1.96 * Math.sqrt((moments.variance ?? NaN) / values.length);
  assertAlmostEquals(low, moments.mean - half, half / 4);
  assertAlmostEquals(high, moments.mean + half, half / 4);
});
