/**
 * How long answers take at one limit.
 *
 * @module
 */
import type { EndedCall } from "./strategy.ts";

/** Ends among which so many found the limit used up say something about it. */
const FULL = 0.7;

/** What was measured. Latencies are compared by their logarithms: a few long ones say little. */
export interface Measured {
  /** The mean of the logarithms of latencies in milliseconds. */
  readonly latency: number;
  /** The standard deviation of the same. */
  readonly deviation: number;
  readonly answers: number;
  /** Whether the limit was what held calls back. */
  readonly isFull: boolean;
}

/** Looks at answers at one limit, once those that were under way when it was set have gone. */
export class Measure {
  #settling: number;
  readonly #wanted: number;
  #answers = 0;
  #full = 0;
  #sum = 0;
  #squares = 0;

  /** Lets `settling` answers pass, then looks at `wanted`. */
  constructor({ settling, wanted }: { readonly settling: number; readonly wanted: number }) {
    this.#settling = settling;
    this.#wanted = wanted;
  }

  /** Takes in an answer; gives what was measured once it is enough. */
  add(call: EndedCall, limit: number): Measured | undefined {
    if (this.#settling > 0) {
      this.#settling--;
      return undefined;
    }
    const latency = Math.log(Math.max(0.01, call.endedAt - call.startedAt));
    this.#sum += latency;
    this.#squares += latency * latency;
    if (call.inFlight + 1 >= limit) this.#full++;
    const answers = ++this.#answers;
    if (answers < this.#wanted) return undefined;
    const mean = this.#sum / answers;
    return {
      latency: mean,
      deviation: Math.sqrt(Math.max(0, this.#squares / answers - mean * mean)),
      answers,
      isFull: this.#full >= FULL * answers,
    };
  }
}
