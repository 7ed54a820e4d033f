import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { holm } from "./holm.ts";
import { incompleteBeta } from "./incomplete_beta.ts";
import { logGamma } from "./log_gamma.ts";
import { mcnemarTest, type PairedTable } from "./mcnemar.ts";
import { Moments } from "./moments.ts";
import { pairedMeanInterval, pairedMeanTest } from "./paired_mean.ts";
import {
  leastMeanDifference,
  leastShareDifference,
  pairsForMeans,
  pairsForShares,
} from "./paired_power.ts";
import { pairedShareInterval } from "./paired_share_interval.ts";
import { signFlipTest } from "./sign_flip.ts";
import { studentQuantile, studentTails } from "./student_t.ts";

/** Half of the fourth decimal. */
const FOUR = 0.00005;

/**
 * Complete response before and after a therapy (Cavo and others 2012), chapter 8 of Fagerland, Lydersen and
 * Laake (2017), "Statistical Analysis of Contingency Tables"; values as their R package
 * `contingencytables` 3.0.0 prints them. Before is the first, after the second one.
 */
const CAVO: PairedTable = { both: 59, lost: 6, gained: 16, neither: 80 };

/** Hours of sleep gained with one drug over the other (Student 1908, the data `sleep` of R). */
const SLEEP = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];

/** Heights of maize, crossed minus self-fertilized, in eighths of an inch (Darwin 1876). */
const MAIZE = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

const OPTIONS = { draws: 9_999, seed: 0 };
const POWER = { alpha: 0.05, power: 0.8 };

function momentsOf(values: readonly number[]): Moments {
  const moments = new Moments();
  for (const value of values) moments.add(value);
  return moments;
}

Deno.test("logGamma() agrees with factorials and with Abramowitz and Stegun's table 6.1", () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    assertAlmostEquals(logGamma(n), Math.log(factorial), 1e-13 * Math.max(1, n));
    factorial *= n;
  }
  assertAlmostEquals(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
  assertAlmostEquals(Math.exp(logGamma(1.5)), 0.8862269255, 1e-10);
});

Deno.test("incompleteBeta() is the tail of the binomial distribution", () => {
  // Abramowitz and Stegun 26.5.24; 0.5 ** 10 * (1 + 10 + 45) tosses of ten have two heads at most.
  assertAlmostEquals(incompleteBeta(0.5, 8, 3), 56 / 1024, 1e-14);
  assertAlmostEquals(incompleteBeta(0.3, 1, 1), 0.3, 1e-14);
  assertEquals([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)], [0, 1]);
  fc.assert(fc.property(
    fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: 1, max: 500 }),
    (x, a, b) =>
      assertAlmostEquals(incompleteBeta(x, a, b), 1 - incompleteBeta(1 - x, b, a), 1e-11),
  ));
});

Deno.test("the t distribution agrees with Abramowitz and Stegun's table 26.10", () => {
  // The values that |t| stays below with probability 0.95, and with 0.99.
  const table = [[1, 12.706, 63.657], [2, 4.303, 9.925], [10, 2.228, 3.169], [30, 2.042, 2.750], [
    120,
    1.980,
    2.617,
  ]] as const;
  for (const [degrees, at95, at99] of table) {
    assertAlmostEquals(studentQuantile(0.95, degrees), at95, 0.0005);
    assertAlmostEquals(studentQuantile(0.99, degrees), at99, 0.0005);
    assertAlmostEquals(studentTails(studentQuantile(0.9, degrees), degrees), 0.1, 1e-12);
  }
  assertAlmostEquals(studentQuantile(0.95, 1e9), 1.959963984540054, 1e-7);
});

Deno.test("mcnemarTest() agrees with published examples", () => {
  assertAlmostEquals(mcnemarTest(CAVO), 0.052479, 0.0000005);
  // Two media for a culture: Armitage and Berry (1994), page 127, P = 0.0129 by Liddell's exact test.
  assertAlmostEquals(mcnemarTest({ gained: 2, lost: 12 }), 0.0129, FOUR);
  // Airway hyper-responsiveness (Bentur and others 2009): P = 0.0703 in the paper of 2013.
  assertAlmostEquals(mcnemarTest({ gained: 7, lost: 1 }), 0.0703, FOUR);
});

Deno.test("mcnemarTest() is 1 where nothing differs, alike in both directions, and quick of millions", () => {
  assertEquals(mcnemarTest({ gained: 0, lost: 0 }), 1);
  assertEquals(mcnemarTest({ gained: 5, lost: 5 }), 1);
  assertAlmostEquals(mcnemarTest({ gained: 1, lost: 0 }), 1, 1e-12);
  assertEquals(mcnemarTest({ gained: 3, lost: 9 }), mcnemarTest({ gained: 9, lost: 3 }));
  // As the normal distribution has it: 2 standard deviations of a million coins are 1,000.
  assertAlmostEquals(mcnemarTest({ gained: 501_000, lost: 499_000 }), 0.0455, 0.0005);
});

Deno.test("pairedShareInterval() agrees with published examples", () => {
  const table: readonly (readonly [PairedTable, number, number])[] = [
    [CAVO, 0.0054, 0.1240],
    // Of three pairs, all lost: the package's test for empty cells.
    [{ both: 0, gained: 0, lost: 3, neither: 0 }, -1, 0.1230],
    [{ both: 0, gained: 3, lost: 0, neither: 0 }, -0.1230, 1],
  ];
  for (const [pairs, low, high] of table) {
    const interval = pairedShareInterval(pairs, 0.95);
    assertAlmostEquals(interval.low, low, FOUR);
    assertAlmostEquals(interval.high, high, FOUR);
  }
});

Deno.test("pairedShareInterval() holds the difference, and turns with the pairs", () => {
  const count = fc.nat({ max: 40 });
  fc.assert(fc.property(count, count, count, count, (both, gained, lost, neither) => {
    const all = both + gained + lost + neither;
    fc.pre(all > 0);
    const interval = pairedShareInterval({ both, gained, lost, neither }, 0.95);
    const difference = (gained - lost) / all;
    assert(interval.low <= difference && difference <= interval.high);
    assert(interval.low >= -1 && interval.high <= 1 && interval.low < interval.high);
    const turned = pairedShareInterval({ both, gained: lost, lost: gained, neither }, 0.95);
    assertAlmostEquals(turned.low, -interval.high, 1e-12);
  }));
});

Deno.test("pairedMeanInterval() and pairedMeanTest() agree with Student's sleep data", () => {
  // t.test(extra ~ group, data = sleep, paired = TRUE) in the documentation of R.
  const moments = momentsOf(SLEEP);
  const { low, high } = pairedMeanInterval(moments, 0.95) ?? { low: NaN, high: NaN };
  assertAlmostEquals(moments.mean, 1.58, 1e-12);
  assertAlmostEquals(low, 0.7001142, 5e-8);
  assertAlmostEquals(high, 2.4598858, 5e-8);
  assertAlmostEquals(pairedMeanTest(moments), 0.002833, 5e-7);
  assertEquals(pairedMeanInterval(momentsOf([3]), 0.95), undefined);
  assertEquals([pairedMeanTest(momentsOf([3])), pairedMeanTest(momentsOf([0, 0]))], [1, 1]);
});

Deno.test("the standard error of row means is Miller's clustered one, equation 4", () => {
  // Three differences of each of four rows; equation 4 sums over all pairs of a row.
  const clusters = [[1, 0, 1], [0, 0, -1], [1, 1, 1], [0, -1, 0]];
  const all = clusters.flat();
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const pairs = clusters.map((row) => row.reduce((sum, value) => sum + value - mean, 0) ** 2);
  const clustered = Math.sqrt(pairs.reduce((sum, pair) => sum + pair, 0)) / all.length;
  const rows = momentsOf(clusters.map((row) => row.reduce((sum, value) => sum + value, 0) / 3));
  const { low, high } = pairedMeanInterval(rows, 0.95) ?? { low: NaN, high: NaN };
  const error = (high - low) / 2 / studentQuantile(0.95, rows.count - 1);
  assertAlmostEquals(rows.mean, mean, 1e-12);
  assertAlmostEquals(error, clustered * Math.sqrt(4 / 3), 1e-12);
});

Deno.test("signFlipTest() agrees with Fisher's test of Darwin's maize", () => {
  // "The Design of Experiments", section 21: 1,726 of the 32,768 ways.
  assertEquals(signFlipTest(Float64Array.from(MAIZE), OPTIONS), 1_726 / 32_768);
});

Deno.test("signFlipTest() draws where ways are too many, the same for a seed, near the exact value", () => {
  const twice = Float64Array.from([...MAIZE, ...MAIZE]);
  const p = signFlipTest(twice, OPTIONS);
  assertEquals(signFlipTest(twice, OPTIONS), p);
  assertAlmostEquals(p, pairedMeanTest(momentsOf([...twice])), 0.005);
  const clear = Float64Array.from({ length: 30 }, () => 1);
  assertEquals(signFlipTest(clear, OPTIONS), 1 / 10_000);
  assertEquals(signFlipTest(Float64Array.from([0, 0]), OPTIONS), 1);
});

Deno.test("signFlipTest() does not depend on the unit of the differences, at the ends of numbers too", () => {
  for (const unit of [1e-320, 1e-300, 1e300, 1.7e308]) {
    const differences = Float64Array.from([1, 1, 1, -1, 1, 1], (sign) => sign * unit);
    assertEquals(signFlipTest(differences, OPTIONS), 14 / 64);
  }
});

Deno.test("holm() agrees with the published examples", () => {
  // Wikipedia, "Holm–Bonferroni method", example; and ?p.adjust's rule in R.
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [index, p] of [0.03, 0.06, 0.06, 0.02].entries()) {
    assertAlmostEquals(adjusted[index] ?? NaN, p, 1e-12);
  }
  assertEquals(holm([0.4, 0.9]), [0.8, 0.9]);
  assertEquals(holm([]), []);
});

Deno.test("pairsForShares() agrees with Connor's formula as powerandsamplesize.com has it", () => {
  // p01 = 0.45 and p10 = 0.05, 80% power at 5%: 23 pairs.
  const size = { difference: 0.4, differing: 0.5 };
  assertEquals(pairsForShares(size, POWER), 23);
  assertEquals(pairsForShares({ difference: 0, differing: 0.5 }, POWER), Infinity);
});

Deno.test("leastShareDifference() is the difference that as many pairs are enough for", () => {
  const least = leastShareDifference({ pairs: 23, differing: 0.5 }, POWER) ?? NaN;
  assert(least < 0.4 && least > 0.38, String(least));
  assertEquals(pairsForShares({ difference: least, differing: 0.5 }, POWER), 23);
  assertEquals(leastShareDifference({ pairs: 5, differing: 0.2 }, POWER), undefined);
  assertEquals(leastShareDifference({ pairs: 5, differing: 0 }, POWER), undefined);
});

Deno.test("pairsForMeans() agrees with the example of Miller (2024), section 5", () => {
  // A variance of 1/9, a difference of 3 points, 80% power at 5%: 969 questions.
  const size = { difference: 0.03, deviation: Math.sqrt(1 / 9) };
  assertEquals(pairsForMeans(size, POWER), 969);
  const least = leastMeanDifference({ pairs: 969, deviation: size.deviation }, POWER);
  assertAlmostEquals(least ?? NaN, 0.03, FOUR);
  assertEquals(pairsForMeans({ ...size, difference: 0 }, POWER), Infinity);
});

Deno.test("nothing is promised of so few pairs that the exact tests find no difference in them", () => {
  // Five pairs that all went one way have p = 2 / 32, six have 2 / 64.
  assert(mcnemarTest({ gained: 5, lost: 0 }) > POWER.alpha);
  assert(mcnemarTest({ gained: 6, lost: 0 }) < POWER.alpha);
  assertEquals(pairsForShares({ difference: 1, differing: 1 }, POWER), 6);
  assertEquals(pairsForMeans({ difference: 3, deviation: 1 }, POWER), 6);
  assertEquals(leastShareDifference({ pairs: 5, differing: 1 }, POWER), undefined);
  assertEquals(leastMeanDifference({ pairs: 5, deviation: 1 }, POWER), undefined);
  assert(leastMeanDifference({ pairs: 6, deviation: 1 }, POWER) !== undefined);
});
