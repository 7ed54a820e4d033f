/**
 * What decides how much may be under way at once.
 *
 * @module
 */

/** What came of a call: an answer, a refusal for load or rate, a timeout among them, or a failure. */
export type CallOutcome = "answered" | "refused" | "failed";

/** A call that has ended, as a limit sees it. Times are milliseconds of a monotonic clock. */
export interface EndedCall {
  /** When it was sent. */
  readonly startedAt: number;
  /** When its end came. */
  readonly endedAt: number;
  /** What came of it. */
  readonly outcome: CallOutcome;
  /** Others that are still under way. */
  readonly inFlight: number;
  /** Calls that wait for a place. */
  readonly waiting: number;
}

/** How busy an endpoint says it is. */
export interface ReportedLoad {
  /** Calls that it works on. */
  readonly running: number;
  /** Calls that wait for their turn there. */
  readonly waiting: number;
}

/** How much may be under way at one place, which may change with what comes of it. */
export interface ConcurrencyLimit {
  /** A whole number, 1 or more. */
  readonly current: number;
  /** Told of each call's end. */
  ended(call: EndedCall): void;
  /** Told what the endpoint says of itself, where it does so. */
  loaded?(load: ReportedLoad): void;
}

/** Makes limits: `sequential()`, `slidingWindow(…)`, `adaptive(…)`, or one of your own. */
export interface ConcurrencyStrategy {
  /** The most that is ever under way at once. */
  readonly maxConcurrency: number;
  /** One limit for all of the session, or one for each endpoint. */
  readonly scope: "session" | "endpoint";
  /** Makes the limit of a session or of an endpoint. */
  limit(): ConcurrencyLimit;
}

/**
 * Throws where a number of places is none.
 *
 * @throws {TypeError} naming it and its value
 */
export function checkPlaces(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new TypeError(`"${name}" is ${value}; it must be a whole number from 1.`);
}
