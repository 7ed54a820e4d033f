/**
 * What the page of the reporter `html` is made from. All texts are plain: escaped as on a terminal.
 *
 * @module
 */

/** The experiment. */
export interface PageData {
  readonly experiment: string;
  readonly evaluations: readonly PageEvaluation[];
  /** What became of gates, where there were any. */
  readonly gates: readonly PageGate[];
  /** The errors of all evaluations by kind, the most frequent first. */
  readonly errors: readonly PageErrors[];
  readonly items: readonly PageItem[];
}

/** An evaluation under one variant. */
export interface PageEvaluation {
  readonly label: string;
  readonly status: string;
  readonly items: number;
  readonly completed: number;
  readonly errors: number;
  /** Items that are in the page. */
  readonly shown: number;
  readonly metrics: readonly { readonly name: string; readonly text: string }[];
  readonly tokens: string;
  readonly cost: string;
}

/** A gate, and whether it was passed. */
export interface PageGate {
  readonly gate: string;
  readonly passed: boolean;
  readonly reason: string;
}

/** Errors of one kind. */
export interface PageErrors {
  /** The evaluation's place among the others. */
  readonly evaluation: number;
  readonly name: string;
  readonly message: string;
  readonly count: number;
}

/** A recorded item. */
export interface PageItem {
  /** The evaluation's place among the others. */
  readonly evaluation: number;
  readonly key: string;
  readonly position: number;
  readonly repeat: number;
  readonly row: string;
  readonly prompt?: string | undefined;
  readonly response?: string | undefined;
  readonly scores: readonly PageScore[];
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly stack?: string | undefined;
  } | undefined;
  readonly metadata?: string | undefined;
  readonly attempts: number;
  readonly durationMs: number;
  readonly calls: readonly PageCall[];
}

/** A score; what is neither boolean nor number is a text. */
export interface PageScore {
  readonly name: string;
  readonly value: boolean | number | string;
  readonly metadata?: string | undefined;
}

/** A call of a model. */
export interface PageCall {
  /** The model, and what the call took. */
  readonly title: string;
  readonly request?: string | undefined;
  readonly response?: string | undefined;
}
