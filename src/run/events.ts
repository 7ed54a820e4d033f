/**
 * The one stream of what happens in a session; progress, reporters and the session log
 * consume it and none of them is known to the code that emits.
 *
 * @module
 */
import type { MetricValue } from "../evaluation/metric.ts";
import type { Interval } from "../stats/wilson_interval.ts";
import type { CallTotals } from "../storage/recorded_call.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import type { EndpointPause } from "../schedule/endpoint.ts";
import type { WaitingFor } from "./call_tally.ts";
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
  /** The score's name. */
  readonly score: string;
  /** The metric's name. */
  readonly metric: string;
  /** The value. */
  readonly value: number | null;
  /** Between what bounds it lies, at 95%; where running sums say so. */
  readonly interval?: Interval | undefined;
}

/** What happens in a session, told apart by `type`. */
export type RunEvent =
  | {
    /** What happened. */
    readonly type: "session-started";
    /** The experiment. */
    readonly experiment: string;
    /** The shard that is run, `2/4`; absent where it is all of it. */
    readonly shard?: string | undefined;
    /** Where the experiment lives. */
    readonly storage: string;
    /** Whether the experiment already held results. */
    readonly resumed: boolean;
  }
  /** A file or an evaluation that is left out, or something the user should know. */
  | {
    /** What happened. */
    readonly type: "message";
    /** How much it matters. */
    readonly level: LogLevel;
    /** What there is to say. */
    readonly text: string;
    /** What to do about it. */
    readonly hint?: string | undefined;
    /** `dotevals`, or the name of the provider whose line this is. */
    readonly source: string;
    /** The model that a provider's line is about. */
    readonly model?: string | undefined;
  }
  | {
    /** What happened. */
    readonly type: "evaluation-started";
    /** The evaluation that it belongs to. */
    readonly evaluation: EvaluationRef;
    /** Items in all where that is known beforehand. */
    readonly items: number | undefined;
    /** Items that were recorded by earlier sessions and are not run again. */
    readonly recorded: number;
    /** Those of earlier sessions that failed and run again now. */
    readonly failed: number;
  }
  /** A commit has begun, one at a time; `items-committed` tells what it stored. */
  | {
    /** What happened. */
    readonly type: "commit-started";
    /** Results that it is to store. */
    readonly results: number;
  }
  /** Results that are now in storage. */
  | {
    /** What happened. */
    readonly type: "items-committed";
    /** The evaluation that it belongs to. */
    readonly evaluation: EvaluationRef;
    /** The records. */
    readonly records: readonly ItemRecordDraft[];
    /** Items with a committed result, those of earlier sessions included. */
    readonly completed: number;
    /** Items among these that ended with an error. */
    readonly errors: number;
    /** The first score's first metric that running sums suffice for, and so on. */
    readonly metrics: readonly RunningMetric[];
  }
  /** The end of the dataset was reached: the number of items is known. */
  | {
    /** What happened. */
    readonly type: "evaluation-counted";
    /** The evaluation that it belongs to. */
    readonly evaluation: EvaluationRef;
    /** Items in all. */
    readonly items: number;
  }
  | {
    /** What happened. */
    readonly type: "evaluation-finished";
    /** The evaluation that it belongs to. */
    readonly evaluation: EvaluationRef;
    /** How it ended. */
    readonly end: EvaluationEnd;
    /** Items in all. */
    readonly items: number;
    /** Items with a recorded result, errors included, whose row is not gone. */
    readonly completed: number;
    /** Items among these that ended with an error. */
    readonly errors: number;
    /** Whether its row has left the dataset. */
    readonly gone: number;
    /** What of it is this session's shard; absent where the session runs all of it. */
    readonly own?: OwnItems | undefined;
    /** How long it took, in milliseconds. */
    readonly durationMs: number;
    /** The metrics. */
    readonly metrics: readonly FinalMetric[];
    /** What its calls came to, by model. */
    readonly calls: readonly CallTotals[];
    /** Why it failed, where it did not come to its end. */
    readonly reason?: string | undefined;
  }
  | { readonly type: "model-ready"; readonly model: string; readonly resourceId: string }
  /** A call failed in a way that may pass, and is made again. */
  | {
    /** What happened. */
    readonly type: "call-retried";
    /** The evaluation that it belongs to. */
    readonly evaluation: EvaluationRef;
    /** What results call the model. */
    readonly model: string;
    /** Which attempt failed, from 1. */
    readonly attempt: number;
    /** How long the next attempt waits, in milliseconds. */
    readonly delayMs: number;
    /** What it failed with. */
    readonly error: { readonly name: string; readonly message: string };
  }
  /** How calls stand: a reading of some times a second, where it has changed. */
  | {
    /** What happened. */
    readonly type: "calls-sampled";
    /** The evaluations that have items under way. */
    readonly evaluations: readonly EvaluationCalls[];
    /** The endpoints that were called. */
    readonly endpoints: readonly EndpointCalls[];
  }
  /** The first Ctrl-C: no new items are started. */
  | { readonly type: "stopping"; readonly inFlight: number; readonly graceMs: number }
  | {
    /** What happened. */
    readonly type: "session-finished";
    /** The experiment. */
    readonly experiment: string;
    /** Whether it was stopped before its end. */
    readonly interrupted: boolean;
    /** How long it took, in milliseconds. */
    readonly durationMs: number;
  };

/** The calls of one evaluation at a moment. */
export interface EvaluationCalls {
  /** The evaluation's label. */
  readonly evaluation: string;
  /** Items that are under way. */
  readonly items: number;
  /** Calls that are sent and not answered. */
  readonly inFlight: number;
  /** Calls that wait: for their turn, for their next attempt, or for a budget. */
  readonly waiting: Readonly<Record<WaitingFor, number>>;
}

/** The calls of one endpoint at a moment. */
export interface EndpointCalls {
  /** What results call the models that it is called for. */
  readonly models: readonly string[];
  /** Calls that are sent and not answered. */
  readonly inFlight: number;
  /** How many there may be. */
  readonly limit: number;
  /** Calls that wait for their turn. */
  readonly waiting: number;
  /** Why none is sent at the moment, where that is not for want of a place. */
  readonly pause?: EndpointPause | undefined;
}

/** A shard's own part of an evaluation. */
export interface OwnItems {
  /** Items in all. */
  readonly items: number;
  /** Items with a recorded result, errors included. */
  readonly completed: number;
  /** Items among these that ended with an error. */
  readonly errors: number;
}

/** A metric of a score at an evaluation's end. */
export interface FinalMetric extends MetricValue {
  /** The score's name. */
  readonly score: string;
  /** The metric's name. */
  readonly metric: string;
  /** Between what bounds it lies, at 95%; where running sums say so. */
  readonly interval?: Interval | undefined;
}

/** Receives events, in order; must not throw. */
export type RunListener = (event: RunEvent) => void;
