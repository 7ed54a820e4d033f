/**
 * Student's t distribution.
 *
 * @module
 */
import { incompleteBeta } from "./incomplete_beta.ts";
import { normalQuantile } from "./normal_quantile.ts";

/**
 * The probability that a t variable is at least as far from 0 as `t`, on either side (Abramowitz and
 * Stegun 1964, "Handbook of Mathematical Functions", 26.7.1 and 26.5.27).
 */
export function studentTails(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/**
 * The distance from 0 within which a t variable lies with probability `level`, by bisection: it is more
 * than that of a normal variable.
 */
export function studentQuantile(level: number, degrees: number): number {
  let low = normalQuantile((1 + level) / 2);
  let high = 2 * low;
  while (studentTails(high, degrees) > 1 - level) high *= 2;
  while (high - low > 1e-14 * high) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (studentTails(middle, degrees) > 1 - level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
