/**
 * The one stream of what happens in a session; progress, reporters and the session log
 * consume it and none of them is known to the code that emits.
 *
 * @module
 */
import type { MetricValue } from "../evaluation/metric.ts";
import type { ItemRecordDraft } from "../storage/storage.ts";
import type { LogLevel } from "../providers/provider.ts";

/** Names one evaluation under one variant within a session. */
export interface EvaluationRef {
  /** The evaluation's name. */
  readonly name: string;
  /** What it is bound to, the model's name under `model`; empty without variants. */
  readonly variant: Readonly<Record<string, unknown>>;
  /** Name and variant in one line, for people: `accuracy [model=echo:, style=terse]`. */
  readonly label: string;
}

/** How an evaluation ended: `complete`, or why it did not come to its end. */
export type EvaluationEnd = "complete" | "interrupted" | "failed";

/** Where a metric of a score stands. */
export interface RunningMetric {
  readonly score: string;
  readonly metric: string;
  readonly value: number | null;
}

/** What happens in a session, told apart by `type`. */
export type RunEvent =
  | {
    readonly type: "session-started";
    readonly experiment: string;
    readonly storage: string;
    /** Whether the experiment already held results. */
    readonly resumed: boolean;
  }
  /** A file or an evaluation that is left out, or something the user should know. */
  | {
    readonly type: "message";
    readonly level: LogLevel;
    readonly text: string;
    readonly hint?: string | undefined;
    /** `dotevals`, or the name of the provider whose line this is. */
    readonly source: string;
  }
  | {
    readonly type: "evaluation-started";
    readonly evaluation: EvaluationRef;
    /** Items in all where that is known beforehand. */
    readonly items: number | undefined;
    /** Items that were recorded by earlier sessions and are not run again. */
    readonly recorded: number;
    /** Those of earlier sessions that failed and run again now. */
    readonly failed: number;
  }
  /** Results that are now in storage. */
  | {
    readonly type: "items-committed";
    readonly evaluation: EvaluationRef;
    readonly records: readonly ItemRecordDraft[];
    /** Items with a committed result, those of earlier sessions included. */
    readonly completed: number;
    readonly errors: number;
    /** The first score's first metric that running sums suffice for, and so on. */
    readonly metrics: readonly RunningMetric[];
  }
  /** The end of the dataset was reached: the number of items is known. */
  | {
    readonly type: "evaluation-counted";
    readonly evaluation: EvaluationRef;
    readonly items: number;
  }
  | {
    readonly type: "evaluation-finished";
    readonly evaluation: EvaluationRef;
    readonly end: EvaluationEnd;
    readonly items: number;
    readonly completed: number;
    readonly errors: number;
    readonly gone: number;
    readonly durationMs: number;
    readonly metrics: readonly FinalMetric[];
    /** Why it failed, where it did not come to its end. */
    readonly reason?: string | undefined;
  }
  | { readonly type: "model-ready"; readonly model: string; readonly resourceId: string }
  /** The first Ctrl-C: no new items are started. */
  | { readonly type: "stopping"; readonly inFlight: number; readonly graceMs: number }
  | {
    readonly type: "session-finished";
    readonly experiment: string;
    readonly interrupted: boolean;
    readonly durationMs: number;
  };

/** A metric of a score at an evaluation's end. */
export interface FinalMetric extends MetricValue {
  readonly score: string;
  readonly metric: string;
}

/** Receives events, in order; must not throw. */
export type RunListener = (event: RunEvent) => void;
