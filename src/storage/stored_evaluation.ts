/**
 * Evaluations as a storage knows them.
 *
 * @module
 */

/** The number that a storage knows an evaluation (of one variant and generation) by. */
export type EvaluationId = number & { readonly of: "evaluation" };

/** `running`: a session holds it now; `complete`: its last pass came to its end. */
export type RunStatus = "running" | "incomplete" | "complete";

/** What makes an evaluation's definition: a difference in any part is another definition. */
export interface Fingerprint {
  /** Digest of the local modules that it comes from, or of the function's text. */
  readonly code: string;
  /** The model's spec and options; empty without a model. */
  readonly model: string;
  /** dotevals' major version. */
  readonly major: string;
  /** The option `version`. */
  readonly version: string;
}

/** One evaluation under one variant, to be run. */
export interface EvaluationDefinition {
  /** The name. */
  readonly name: string;
  /** The variant's bindings, encoded canonically; `{}` where there are none. */
  readonly variant: string;
  /** What makes its definition. */
  readonly fingerprint: Fingerprint;
  /** Encoded; `undefined` where there is none. */
  readonly metadata: string | undefined;
  /** Words to find it by. */
  readonly tags: readonly string[];
}

/** One evaluation under one variant, as stored. */
export interface StoredEvaluation {
  /** The number that the storage knows it by. */
  readonly id: EvaluationId;
  /** The name. */
  readonly name: string;
  /** The variant's bindings, encoded canonically. */
  readonly variant: string;
  /** Which generation it is, from 1; the highest one counts. */
  readonly generation: number;
  /** What makes its definition. */
  readonly fingerprint: Fingerprint;
  /** Where it stands. */
  readonly status: RunStatus;
  /** Items of its last pass, as many as are known; never fewer than `completed`. */
  readonly items: number;
  /** Items with a recorded result, errors included, whose row is not gone. */
  readonly completed: number;
  /** Items among these that ended with an error. */
  readonly errors: number;
  /** Recorded items whose row has left the dataset; in no other count and no metric. */
  readonly gone: number;
  /** Goes up with each commit that touched it. */
  readonly revision: number;
  /** Encoded; `undefined` where there is none. */
  readonly metadata: string | undefined;
  /** Words to find it by. */
  readonly tags: readonly string[];
}
