/**
 * How much gets done at one limit.
 *
 * @module
 */
import type { EndedCall } from "./strategy.ts";

/** Ends among which so many found the limit used up say something about it. */
const FULL = 0.7;

/** What was measured. */
export interface Measured {
  /** Answers per millisecond. */
  readonly throughput: number;
  /** The mean of the answers' latencies, in milliseconds. */
  readonly latency: number;
  readonly answers: number;
  /** Whether the limit was what held calls back. */
  readonly isFull: boolean;
}

/**
 * Counts answers at one limit, once those that were under way when it was set have gone.
 */
export class Measure {
  #settling: number;
  #wanted: number;
  #start: number | undefined;
  #answers = 0;
  #full = 0;
  #latency = 0;

  /** Lets `settling` answers pass, then counts `wanted`. */
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
    if (this.#start === undefined) {
      this.#start = call.endedAt;
      return undefined;
    }
    this.#answers++;
    this.#latency += call.endedAt - call.startedAt;
    if (call.waiting > 0 || call.inFlight + 1 >= limit) this.#full++;
    const elapsed = call.endedAt - this.#start;
    if (this.#answers < this.#wanted || elapsed <= 0) return undefined;
    return {
      throughput: this.#answers / elapsed,
      latency: this.#latency / this.#answers,
      answers: this.#answers,
      isFull: this.#full >= FULL * this.#answers,
    };
  }
}
