/**
 * The incomplete beta function, which the distributions of Student and of Bernoulli come from.
 *
 * A package that has it (`@stdlib/stats-base-dists-t-quantile`) brings 200 others with it.
 *
 * @module
 */
import { logGamma } from "./log_gamma.ts";

const STEPS = 100_000;
const PRECISION = 1e-15;
const TINY = 1e-300;

/**
 * The regularized incomplete beta function I_x(a, b), for `x` from 0 to 1 and positive `a` and `b`: the
 * continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions, evaluated by the
 * method of Lentz (1976) as Thompson and Barnett (1986) changed it.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logFactor = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) +
    b * Math.log1p(-x);
  return Math.exp(logFactor) / a / continuedFraction(x, a, b);
}

function continuedFraction(x: number, a: number, b: number): number {
  let value = 1;
  let above = 1;
  let below = 0;
  for (let step = 1; step < STEPS; step++) {
    const term = coefficient(step, { x, a, b });
    below = 1 / awayFromZero(1 + term * below);
    above = awayFromZero(1 + term / above);
    value *= above * below;
    if (Math.abs(above * below - 1) < PRECISION) break;
  }
  return value;
}

interface At {
  readonly x: number;
  readonly a: number;
  readonly b: number;
}

/** The coefficients of 8.17.23, the even and the odd ones. */
function coefficient(step: number, { x, a, b }: At): number {
  const m = step >> 1;
  return step % 2 === 0
    ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
