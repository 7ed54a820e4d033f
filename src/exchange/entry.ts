/**
 * What an experiment consists of, on its way into a storage.
 *
 * @module
 */
import type { MetricValue } from "../evaluation/metric.ts";
import type { EvaluationDefinition, RunStatus } from "../storage/stored_evaluation.ts";
import type { MetricDefinition } from "../storage/stored_metric.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";

/** A part of an experiment. */
export type Entry = EvaluationEntry | ResultEntry | NameEntry | NoticeEntry;

/** The experiment's name where it came from. */
export interface NameEntry {
  readonly type: "experiment";
  readonly name: string;
}

/** Something that the user should know. */
export interface NoticeEntry {
  readonly type: "notice";
  readonly text: string;
}

/** An evaluation under one variant. */
export interface EvaluationEntry {
  readonly type: "evaluation";
  readonly definition: EvaluationDefinition;
  readonly status: RunStatus;
  readonly items: number;
  readonly metrics: readonly ImportedMetric[];
}

/** A metric, with its value where there is one. */
export interface ImportedMetric extends MetricDefinition {
  readonly computed:
    | (MetricValue & {
      readonly results: number;
      /** Whether it covers all results. */
      readonly current: boolean;
    })
    | undefined;
}

/** A result. */
export interface ResultEntry {
  readonly type: "result";
  readonly evaluation: string;
  /** Encoded canonically. */
  readonly variant: string;
  readonly record: Omit<ItemRecordDraft, "evaluation">;
  readonly gone: boolean;
}
