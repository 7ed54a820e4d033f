/**
 * Random scores whose true mean is known.
 *
 * @module
 */

/** A number from 0 to below 1, at random. */
export type Random = () => number;

/**
 * A number from 0 to 1 with mean `p`, of a beta distribution with parameters 2p and 2(1 − p): even at
 * 0.5, and mostly near 0 or 1 with some far away, as graded answers are, at 0.02 and 0.98 (Jöhnk 1964).
 */
export function graded(p: number, random: Random): number {
  for (;;) {
    const x = random() ** (1 / (2 * p));
    const y = random() ** (1 / (2 * (1 - p)));
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

/** A boolean that is `true` with probability `p`, as a number. */
export function right(p: number, random: Random): number {
  return random() < p ? 1 : 0;
}

/** Two scores of a row: the second one is the first in half of all cases, and else drawn anew. */
export function pair(draw: () => number, random: Random): readonly [number, number] {
  const first = draw();
  return [first, random() < 0.5 ? first : draw()];
}
