/**
 * Tells from time to time how calls stand.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { RunLimits } from "./endpoints.ts";
import type { EvaluationCalls, RunEvent, RunListener } from "./events.ts";
import type { CallTally } from "./call_tally.ts";

const EVERY_MS = 250;

/** What is looked at. */
export interface CallSamplingOptions {
  readonly clock: Clock;
  /** The evaluations' counts, by their labels. */
  readonly tallies: readonly { readonly label: string; readonly tally: CallTally }[];
  readonly limits: RunLimits;
  readonly emit: RunListener;
}

/** Looks some times a second, until it is disposed; tells what it sees where that has changed. */
export class CallSampling implements Disposable {
  readonly #options: CallSamplingOptions;
  #before = "";
  #stop: (() => void) | undefined;

  /** Begins to look. */
  constructor(options: CallSamplingOptions) {
    this.#options = options;
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#stop?.();
  }

  #schedule(): void {
    this.#stop = this.#options.clock.after(EVERY_MS, () => {
      this.#look();
      this.#schedule();
    });
  }

  #look(): void {
    const { tallies, limits, clock, emit } = this.#options;
    const event: RunEvent = {
      type: "calls-sampled",
      evaluations: tallies.flatMap(({ label, tally }): readonly EvaluationCalls[] => {
        const { items, inFlight, waiting } = tally;
        return items === 0 ? [] : [{ evaluation: label, items, inFlight, waiting: { ...waiting } }];
      }),
      endpoints: limits.now(clock.monotonic()),
    };
    const seen = JSON.stringify(event);
    if (seen !== this.#before) emit(event);
    this.#before = seen;
  }
}
