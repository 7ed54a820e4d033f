/**
 * The normal distribution.
 *
 * @module
 */

/**
 * The value that a standard normal variable stays below with probability `p`, to some 1e-12: a first
 * approximation (Abramowitz and Stegun 1964, "Handbook of Mathematical Functions", 26.2.23), refined by
 * Newton steps on the distribution function (26.2.11, and 26.2.14 far out).
 *
 * `p` lies between 0 and 1, both excluded.
 */
export function normalQuantile(p: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(1 - p));
  let z = t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) /
      (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
  for (let step = 0; step < 4; step++) z += (1 - p - upperTail(z)) / -density(z);
  return z;
}

function density(z: number): number {
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}

/** The probability to be above `z`, which is positive. */
function upperTail(z: number): number {
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > 1e-17; n++) {
      term *= z * z / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density(z) * sum;
  }
  let fraction = 0;
  for (let n = 200; n > 0; n--) fraction = n / (z + fraction);
  return density(z) / (z + fraction);
}
