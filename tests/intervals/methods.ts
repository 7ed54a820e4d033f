/**
 * The intervals that are shown, each on random data whose true value is known.
 *
 * @module
 */
import { bootstrapInterval } from "../../src/stats/bootstrap_interval.ts";
import { meanInterval } from "../../src/stats/mean_interval.ts";
import { Moments } from "../../src/stats/moments.ts";
import { pairedMeanInterval } from "../../src/stats/paired_mean.ts";
import { pairedShareInterval } from "../../src/stats/paired_share_interval.ts";
import { withoutPause } from "../../src/stats/sorted.ts";
import { type Interval, wilsonInterval } from "../../src/stats/wilson_interval.ts";
import { graded, pair, type Random, right } from "./samples.ts";

const LEVEL = 0.95;

/** Repeats of a row, where there are any. */
const REPEATS = 3;

/** A way to an interval. */
export interface Method {
  /** What it is of, and how it is called. */
  readonly name: string;
  /** Draws `n` scores, or pairs of them, with mean `p`, and makes the interval. */
  readonly draw: (n: number, p: number, random: Random) => Interval | undefined;
  /** The value that the interval is to hold. */
  readonly truth: (p: number) => number;
}

const noDifference = () => 0;

/** All of them. */
export const METHODS: readonly Method[] = [
  {
    name: "share of booleans: Wilson",
    truth: (p) => p,
    draw(n, p, random) {
      let successes = 0;
      for (let row = 0; row < n; row++) successes += right(p, random);
      return wilsonInterval(successes, n, LEVEL);
    },
  },
  {
    name: "share of booleans, 3 repeats: Wilson, by rows",
    truth: (p) => p,
    draw(n, p, random) {
      let successes = 0;
      for (let row = 0; row < n; row++) {
        const ease = graded(p, random);
        for (let repeat = 0; repeat < REPEATS; repeat++) successes += right(ease, random);
      }
      return wilsonInterval(successes / REPEATS, n, LEVEL);
    },
  },
  {
    name: "mean of numbers: Student",
    truth: (p) => p,
    draw(n, p, random) {
      const moments = new Moments();
      for (let row = 0; row < n; row++) moments.add(graded(p, random));
      const { count, mean, variance = 0 } = moments;
      return meanInterval({ count, mean, variance }, LEVEL);
    },
  },
  {
    name: "mean of numbers: bootstrap",
    truth: (p) => p,
    draw(n, p, random) {
      const values = Array.from({ length: n }, () => graded(p, random));
      const options = { level: LEVEL, resamples: 1_000, seed: 0 };
      return withoutPause(bootstrapInterval(values, options));
    },
  },
  {
    name: "difference of shares: Tango",
    truth: noDifference,
    draw(n, p, random) {
      const table = { both: 0, gained: 0, lost: 0, neither: 0 };
      for (let row = 0; row < n; row++) {
        const [first, second] = pair(() => right(p, random), random);
        if (first === second) table[first === 1 ? "both" : "neither"]++;
        else table[first === 1 ? "lost" : "gained"]++;
      }
      return pairedShareInterval(table, LEVEL);
    },
  },
  {
    name: "difference of means: Student",
    truth: noDifference,
    draw(n, p, random) {
      const differences = new Moments();
      for (let row = 0; row < n; row++) {
        const [first, second] = pair(() => graded(p, random), random);
        differences.add(second - first);
      }
      return pairedMeanInterval(differences, LEVEL);
    },
  },
  {
    name: "difference of shares, 3 repeats: Student, by rows",
    truth: noDifference,
    draw(n, p, random) {
      const differences = new Moments();
      for (let row = 0; row < n; row++) {
        // How easy the row is, for both.
        const ease = graded(p, random);
        let difference = 0;
        for (let repeat = 0; repeat < REPEATS; repeat++) {
          difference += right(ease, random) - right(ease, random);
        }
        differences.add(difference / REPEATS);
      }
      return pairedMeanInterval(differences, LEVEL);
    },
  },
];
