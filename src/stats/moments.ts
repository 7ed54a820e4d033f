/**
 * Mean and variance, value by value.
 *
 * @module
 */

/**
 * Count, mean and sum of squared deviations, by Welford's updates (Welford 1962, "Note on a method for
 * calculating corrected sums of squares and products", Technometrics 4:3): no large sums that cancel out.
 */
export class Moments {
  #count = 0;
  #mean = 0;
  #squares = 0;

  /** Takes in a value, as often as it is there. */
  add(value: number, times = 1): void {
    this.#count += times;
    const before = value - this.#mean;
    this.#mean += before * times / this.#count;
    this.#squares += times * before * (value - this.#mean);
  }

  /** How many values. */
  get count(): number {
    return this.#count;
  }

  /** Their mean; 0 of none. */
  get mean(): number {
    return this.#mean;
  }

  /** Their sample variance, with n − 1 below; `undefined` of fewer than two. */
  get variance(): number | undefined {
    return this.#count < 2 ? undefined : this.#squares / (this.#count - 1);
  }
}
