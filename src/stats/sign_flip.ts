/**
 * A test for pairs of numbers that assumes no distribution.
 *
 * @module
 */
import { seededRandom } from "./seeded_random.ts";

/** Up to so many differences that are not 0, all ways to flip their signs are tried. */
const EXACT = 18;

/** Options of {@linkcode signFlipTest}. */
export interface SignFlipOptions {
  /** How many ways to flip signs are drawn where they are too many to try all. */
  readonly draws: number;
  /** The same seed draws the same. */
  readonly seed: number;
}

/**
 * The two-sided p-value of Fisher's randomization test for the mean of differences: the share of ways to
 * flip their signs that give a mean at least as far from 0 (Fisher 1935, "The Design of Experiments",
 * section 21). Where ways are drawn, the observed one counts as one of them (Phipson and Smyth 2010,
 * "Permutation P-values should never be zero", Statistical Applications in Genetics and Molecular
 * Biology 9:1).
 */
export function signFlipTest(differences: Float64Array, options: SignFlipOptions): number {
  // As shares of the largest one: the sum of a few large numbers may be beyond all numbers.
  const largest = differences.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  if (!Number.isFinite(largest)) return 1;
  const shares = differences.filter((difference) => difference !== 0).map((one) => one / largest);
  const sizes = shares.map(Math.abs);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const observed = Math.abs(shares.reduce((sum, share) => sum + share, 0));
  // Sums of the same numbers in another order differ by their rounding.
  const least = observed - 1e-9 * all;
  return sizes.length <= EXACT ? triedAll(sizes, least) : drawn(sizes, least, options);
}

function triedAll(sizes: Float64Array, least: number): number {
  const ways = 2 ** sizes.length;
  let asFar = 0;
  for (let way = 0; way < ways; way++) {
    let sum = 0;
    for (let n = 0; n < sizes.length; n++) sum += (way >> n & 1 ? 1 : -1) * (sizes[n] ?? 0);
    if (Math.abs(sum) >= least) asFar++;
  }
  return asFar / ways;
}

function drawn(sizes: Float64Array, least: number, { draws, seed }: SignFlipOptions): number {
  const random = seededRandom(seed);
  let asFar = 0;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let bits = 0;
    for (let n = 0; n < sizes.length; n++) {
      // The high bits of a draw are enough for so many signs.
      if (n % 24 === 0) bits = Math.floor(random() * 2 ** 24);
      sum += (bits & 1 ? 1 : -1) * (sizes[n] ?? 0);
      bits >>= 1;
    }
    if (Math.abs(sum) >= least) asFar++;
  }
  return (asFar + 1) / (draws + 1);
}
