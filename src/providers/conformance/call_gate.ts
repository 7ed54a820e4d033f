/**
 * Counts calls at an endpoint, and holds them back where a case wants that.
 *
 * @module
 */
import type { Situation } from "./situation.ts";

/** Where an endpoint's calls go through; its functions are those of `TestEndpoint`. */
export interface CallGate {
  /** How many calls arrived. */
  calls(): number;
  /** How many calls wait: one whose connection is closed does not. */
  waiting(): number;
  /** Lets the calls that wait be answered. */
  release(): void;
  /** Lets a call through when it is its time; says whether somebody waits for its answer still. */
  pass(connection: AbortSignal): Promise<boolean>;
}

/**
 * A gate for the calls of one endpoint: open, except where calls or setups are to wait.
 *
 * `connection` must be aborted when the call's connection is closed, as a request's `signal` is.
 *
 * @example
 * ```ts
 * import { callGate } from "@dotevals/core/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const gate = callGate("holds");
 * const connection = new AbortController();
 * const call = gate.pass(connection.signal);
 * assertEquals(gate.waiting(), 1);
 * connection.abort();
 * assertEquals([await call, gate.waiting(), gate.calls()], [false, 0, 1]);
 * ```
 */
export function callGate(situation: Situation): CallGate {
  const released = Promise.withResolvers<void>();
  let calls = 0;
  let waiting = 0;
  return {
    calls: () => calls,
    waiting: () => waiting,
    release: () => released.resolve(),
    async pass(connection) {
      calls++;
      // To listen where nothing is held would let Deno warn of its signal's abort after an answer.
      if (situation !== "holds" && situation !== "setup-hangs") return true;
      const gone = Promise.withResolvers<void>();
      const leave = () => gone.resolve();
      if (connection.aborted) leave();
      connection.addEventListener("abort", leave);
      waiting++;
      await Promise.race([released.promise, gone.promise]);
      waiting--;
      connection.removeEventListener("abort", leave);
      return !connection.aborted;
    },
  };
}
