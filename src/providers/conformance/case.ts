/**
 * One thing that the suite asks of a provider.
 *
 * @module
 */
import type { Situation } from "./situation.ts";
import type { Trial } from "./trial.ts";

/** The names of the cases, to leave one out by. */
export type CaseName =
  | "answer"
  | "one-setup"
  | "two-setups"
  | "messages"
  | "concurrency"
  | "usage"
  | "streaming"
  | "embed"
  | "generate-batch"
  | "aborted-before"
  | "cancellation"
  | "connection"
  | "rate-limit"
  | "retry-after"
  | "transient"
  | "authentication"
  | "invalid-request"
  | "context-length"
  | "teardown-twice"
  | "teardown-during-calls"
  | "setup-fails"
  | "setup-hangs";

/** A case: what it asks for, as a sentence, and how it is tried. */
export interface ConformanceCase {
  readonly name: CaseName;
  readonly sentence: string;
  /** What has to be at the other end. */
  readonly situation: Situation;
  readonly run: (trial: Trial) => Promise<void>;
}
