/**
 * How fast a count goes up, over the last half minute.
 *
 * @module
 */

const SAMPLE_MS = 1_000;
const SAMPLES = 30;

interface Sample {
  readonly time: number;
  readonly count: number;
}

/** Measures how fast a count that starts from nothing goes up. */
export class RateMeter {
  readonly #samples: Sample[];
  #count = 0;

  /** Starts at a time in milliseconds. */
  constructor(time: number) {
    this.#samples = [{ time, count: 0 }];
  }

  /** Counted in all. */
  get count(): number {
    return this.#count;
  }

  /** Adds to the count, at a time in milliseconds. */
  add(count: number, time: number): void {
    const newest = this.#samples.at(-1);
    if (newest && time - newest.time >= SAMPLE_MS) {
      this.#samples.push({ time, count: this.#count });
      if (this.#samples.length > SAMPLES) this.#samples.shift();
    }
    this.#count += count;
  }

  /** The rate per second at a time in milliseconds; `undefined` while there is too little to tell. */
  perSecond(time: number): number | undefined {
    const oldest = this.#samples[0];
    if (!oldest || this.#count === 0 || time <= oldest.time) return undefined;
    return (this.#count - oldest.count) * 1000 / (time - oldest.time);
  }
}
