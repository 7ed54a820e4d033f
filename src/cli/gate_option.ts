/**
 * Gates on the command line.
 *
 * @module
 */
import { type ExperimentReport, reportExperiment } from "../report/experiment_report.ts";
import { type Gate, parseGate } from "../report/gates/gate.ts";
import { checkBaseline, checkMetrics } from "../report/gates/judge_gates.ts";
import type { Storage } from "../storage/storage.ts";

/** What is to be run, where gates are on it. */
export interface GatedRun {
  readonly experiment: string;
  /** The names of the evaluations. */
  readonly names: readonly string[];
  /** Whether an evaluation may differ from what is recorded of it. */
  readonly mayDiffer: boolean;
}

/** Gates, and what they are compared with. */
export interface Gates {
  readonly gates: readonly Gate[];
  readonly baseline: ExperimentReport | undefined;
}

/**
 * Reads gates, and the baseline where one is named: what can be wrong with them is known before anything
 * is run.
 *
 * @throws {DotevalsError} `invalid-gate`, `no-baseline`, `no-experiment` or `no-metric`
 */
export async function readGates(
  storage: Storage,
  { texts, baseline }: { readonly texts: readonly string[]; readonly baseline: string | undefined },
): Promise<Gates> {
  const gates = texts.map(parseGate);
  const report = baseline === undefined ? undefined : await reportExperiment(storage, baseline);
  checkBaseline(gates, report);
  return { gates, baseline: report };
}

/**
 * Refuses gates on metrics that a run will not have, where what is recorded tells.
 *
 * @throws {DotevalsError} `no-metric`
 */
export async function checkGates(
  { gates }: Gates,
  storage: Storage,
  { experiment, names, mayDiffer }: GatedRun,
): Promise<void> {
  if (mayDiffer || await storage.experiment(experiment) === undefined) return;
  checkMetrics(gates, await reportExperiment(storage, experiment), names);
}
