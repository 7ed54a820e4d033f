/**
 * What a reporter is, and which there are.
 *
 * @module
 */
import type { Storage } from "../storage/storage.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { ExperimentReport } from "./experiment_report.ts";
import type { Judgement } from "./gates/judge_gates.ts";

/**
 * The names of the reporters. `pretty` is what the command prints for people; each of the others is a
 * file in `reporters/`.
 */
export const REPORTER_NAMES = [
  "pretty",
  "json",
  "jsonl",
  "junit",
  "github",
  "markdown",
  "html",
] as const;

/** The name of a reporter. */
export type ReporterName = typeof REPORTER_NAMES[number];

/** What a report is made from: the storage alone. */
export interface ReportSource {
  /** The experiment, or the part of it that the report is about. */
  readonly report: ExperimentReport;
  /** Where the records are. */
  readonly storage: Storage;
  /** Which records are in a report that may leave them out; none without it. */
  readonly records?: "all" | "errors" | undefined;
  /** Why evaluations did not come to their end, where that is known; holds no secrets. */
  readonly reasons?: ReadonlyMap<EvaluationId, string> | undefined;
  /** What became of the gates that the experiment had to pass, where there were any. */
  readonly judgements?: readonly Judgement[] | undefined;
  /** The folder that paths in the report are relative to. */
  readonly folder: string;
}

/** Writes a report, in pieces, reading records as they are written. */
export type Reporter = (source: ReportSource) => AsyncIterable<string>;

/** Loads a reporter, and nothing before. */
export async function loadReporter(name: Exclude<ReporterName, "pretty">): Promise<Reporter> {
  // Deno loads what a literal names at the start; a variable's value only when it is reached.
  const specifier = `./reporters/${name}.ts`;
  const loaded: { readonly reporter: Reporter } = await import(specifier);
  return loaded.reporter;
}
