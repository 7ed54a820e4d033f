/**
 * Fixtures of a session: built once, shared, torn down last-in first-out.
 *
 * @module
 */
import { type Fixture, tearDown } from "../evaluation/fixture.ts";

/** The fixtures of a session. */
export class FixturePool {
  #built = new Map<Fixture<unknown>, Promise<unknown>>();
  #standing: { readonly made: Fixture<unknown>; readonly value: unknown }[] = [];
  #signal: AbortSignal;

  /** Setups still under way are told to stop by `signal`. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** What the fixture's setup returned; it runs at the first call only. */
  value(made: Fixture<unknown>): Promise<unknown> {
    let building = this.#built.get(made);
    if (!building) {
      building = this.#build(made);
      this.#built.set(made, building);
    }
    return building;
  }

  async #build(made: Fixture<unknown>): Promise<unknown> {
    const value = await made.setup({ signal: this.#signal });
    this.#standing.push({ made, value });
    return value;
  }

  /**
   * Tears down what was built, last first; one that fails keeps no other from its teardown.
   *
   * @returns what teardowns threw
   */
  async tearDown(): Promise<readonly unknown[]> {
    await Promise.allSettled(this.#built.values());
    const errors: unknown[] = [];
    for (let last = this.#standing.pop(); last; last = this.#standing.pop()) {
      try {
        await tearDown(last.made, last.value);
      } catch (error) {
        errors.push(error);
      }
    }
    this.#built.clear();
    return errors;
  }
}
