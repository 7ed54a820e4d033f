/**
 * How two quantities vary together, pair by pair.
 *
 * @module
 */

/** Means and co-moments of pairs, by Welford's updates (see `moments.ts`). */
export class Covariance {
  #count = 0;
  #meanX = 0;
  #meanY = 0;
  #squaresX = 0;
  #squaresY = 0;
  #products = 0;

  /** Takes in one pair. */
  add(x: number, y: number): void {
    this.#count++;
    const beforeX = x - this.#meanX;
    const beforeY = y - this.#meanY;
    this.#meanX += beforeX / this.#count;
    this.#meanY += beforeY / this.#count;
    this.#squaresX += beforeX * (x - this.#meanX);
    this.#squaresY += beforeY * (y - this.#meanY);
    this.#products += beforeX * (y - this.#meanY);
  }

  /** How many pairs. */
  get count(): number {
    return this.#count;
  }

  /** Pearson's correlation, from -1 to 1; `undefined` where one of the quantities does not vary. */
  get correlation(): number | undefined {
    const value = this.#products / Math.sqrt(this.#squaresX * this.#squaresY);
    return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : undefined;
  }
}
