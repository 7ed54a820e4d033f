/**
 * Fixtures: a user's own resources, built once per session and shared.
 *
 * @module
 */

/** The brand of a fixture; its value is the protocol's version. */
export const FIXTURE: unique symbol = Symbol.for("dotevals.fixture");

/** What a fixture's `setup` gets. */
export interface FixtureContext {
  /** Aborted when the session stops while the fixture is still being set up. */
  readonly signal: AbortSignal;
}

/** A resource with setup and teardown; made by {@linkcode fixture}. */
export interface Fixture<Value> {
  /** The protocol's version. */
  readonly [FIXTURE]: 1;
  /** Builds the resource. */
  readonly setup: (context: FixtureContext) => Value | Promise<Value>;
  /** Ends it; without it, a value that is disposable is disposed of. */
  teardown?(value: Value): void | Promise<void>;
}

/** What {@linkcode fixture} takes beside `setup`. */
export interface FixtureOptions<Value> {
  /** Ends what `setup` returned. */
  readonly teardown?: (value: Value) => void | Promise<void>;
}

/**
 * Makes a fixture: `setup` runs once per session, before the first item of the first
 * evaluation that uses it, and every evaluation shares what it returns.
 *
 * At the session's end, also on Ctrl-C and on failure, fixtures are torn down last-in
 * first-out: by `teardown`, else by `Symbol.asyncDispose` or `Symbol.dispose` of the value.
 *
 * @example
 * ```ts
 * import { fixture } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const words = fixture(() => new Set(["yes", "no"]), { teardown: (set) => set.clear() });
 * assertEquals(typeof words.setup, "function");
 * ```
 */
export function fixture<Value>(
  setup: (context: FixtureContext) => Value | Promise<Value>,
  options: FixtureOptions<Value> = {},
): Fixture<Value> {
  return options.teardown
    ? { [FIXTURE]: 1, setup, teardown: options.teardown }
    : { [FIXTURE]: 1, setup };
}

/** Whether `value` is a fixture, of this copy of the library or another. */
export function isFixture(value: unknown): value is Fixture<unknown> {
  return typeof value === "object" && value !== null && FIXTURE in value;
}

/** Ends a value that a fixture's `setup` returned. */
export async function tearDown(made: Fixture<unknown>, value: unknown): Promise<void> {
  if (made.teardown) return await made.teardown(value);
  if (typeof value !== "object" || value === null) return;
  if (Symbol.asyncDispose in value && typeof value[Symbol.asyncDispose] === "function") {
    await (value as AsyncDisposable)[Symbol.asyncDispose]();
  } else if (Symbol.dispose in value && typeof value[Symbol.dispose] === "function") {
    (value as Disposable)[Symbol.dispose]();
  }
}
