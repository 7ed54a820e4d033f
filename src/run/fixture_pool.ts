/**
 * Fixtures of a session: built once, shared, torn down last-in first-out.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { DotevalsError, messageOf } from "../errors.ts";
import { type Fixture, tearDown } from "../evaluation/fixture.ts";
import { within } from "./within.ts";

/** How long a setup that was told to stop is waited for, in milliseconds. */
export const SETUP_PATIENCE_MS = 1000;

/** How long a teardown may take, in milliseconds. */
export const TEARDOWN_PATIENCE_MS = 10_000;

/** What a pool of fixtures needs of its session. */
export interface FixturePoolOptions {
  readonly clock: Clock;
  /** Tells setups that are under way to stop. */
  readonly signal: AbortSignal;
}

interface Standing {
  readonly name: string;
  readonly made: Fixture<unknown>;
  readonly value: unknown;
}

/** The fixtures of a session. */
export class FixturePool {
  readonly #built = new Map<Fixture<unknown>, Promise<unknown>>();
  readonly #standing: Standing[] = [];
  #options: FixturePoolOptions;

  /** Builds nothing yet. */
  constructor(options: FixturePoolOptions) {
    this.#options = options;
  }

  /**
   * What the fixture's setup returned; it runs at the first call only.
   *
   * @throws {DotevalsError} `fixture-failed`, naming the fixture
   */
  value(name: string, made: Fixture<unknown>): Promise<unknown> {
    let building = this.#built.get(made);
    if (!building) {
      building = this.#build(name, made);
      this.#built.set(made, building);
    }
    return building;
  }

  async #build(name: string, made: Fixture<unknown>): Promise<unknown> {
    try {
      const value = await made.setup({ signal: this.#options.signal });
      this.#standing.push({ name, made, value });
      return value;
    } catch (cause) {
      throw new DotevalsError(`The fixture "${name}" could not be set up: ${messageOf(cause)}`, {
        code: "fixture-failed",
        hint: "Its items were not run; once its setup() works, the same command goes on with them.",
        exitCode: 1,
        cause,
      });
    }
  }

  /**
   * Tears down what was built, last first; one that fails keeps no other from its teardown.
   *
   * @returns what went wrong, in words
   */
  async tearDown(): Promise<readonly string[]> {
    const { clock } = this.#options;
    const setups = Promise.allSettled(this.#built.values());
    await within(setups, { clock, milliseconds: SETUP_PATIENCE_MS }).catch(() => {});
    const failures: string[] = [];
    for (let last = this.#standing.pop(); last; last = this.#standing.pop()) {
      const { name, made, value } = last;
      try {
        await within(tearDown(made, value), { clock, milliseconds: TEARDOWN_PATIENCE_MS });
      } catch (error) {
        failures.push(`The teardown of the fixture "${name}" failed: ${messageOf(error)}`);
      }
    }
    this.#built.clear();
    return failures;
  }
}
