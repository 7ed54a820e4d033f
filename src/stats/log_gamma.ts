/**
 * The gamma function, by its logarithm.
 *
 * @module
 */

/** From here on the series below is exact to the last digits. */
const LARGE = 12;

/**
 * The natural logarithm of Γ(x) for positive `x`, to some 1e-14: Stirling's series, after x was raised by
 * the recurrence (Abramowitz and Stegun 1964, "Handbook of Mathematical Functions", 6.1.41 and 6.1.15).
 */
export function logGamma(x: number): number {
  let raised = x;
  let factor = 1;
  while (raised < LARGE) factor *= raised++;
  const r = 1 / (raised * raised);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / raised;
  return (raised - 0.5) * Math.log(raised) - raised + Math.log(2 * Math.PI) / 2 + series -
    Math.log(factor);
}
