/**
 * Random numbers that are the same for the same seed, on every machine.
 *
 * @module
 */

/**
 * Numbers from 0 to below 1, by PCG-RXS-M-XS 32 (O'Neill 2014, "PCG: A Family of Simple Fast
 * Space-Efficient Statistically Good Algorithms for Random Number Generation").
 */
export function seededRandom(seed: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x2c9277b5) >>> 0;
  return () => {
    state = (Math.imul(state, 0x2c9277b5) + 0xac564b05) >>> 0;
    const shifted = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 0x108ef2d9);
    return ((shifted >>> 22 ^ shifted) >>> 0) / 2 ** 32;
  };
}
