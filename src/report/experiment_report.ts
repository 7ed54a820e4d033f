/**
 * What an experiment has come to: per evaluation the counts and metrics that tables and JSON show.
 *
 * Computed from a storage alone: no user code is loaded.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { MetricParameter, MetricValue, ScoreAggregate } from "../evaluation/metric.ts";
import { builtinMetric } from "../metrics/builtin.ts";
import { detailedInterval, metricInterval } from "../metrics/metric_interval.ts";
import { metricLabel } from "../metrics/metric_label.ts";
import { RunningSums } from "../metrics/running_sums.ts";
import { suggestion } from "../nearest.ts";
import type { Interval } from "../stats/wilson_interval.ts";
import type { CallTotals } from "../storage/recorded_call.ts";
import type { ScoreDistribution } from "../storage/score_distribution.ts";
import type { Storage } from "../storage/storage.ts";
import type { StoredEvaluation } from "../storage/stored_evaluation.ts";
import type { StoredMetric } from "../storage/stored_metric.ts";
import { bindingsOf } from "./variant_text.ts";

/** What an experiment has come to. */
export interface ExperimentReport {
  readonly experiment: string;
  readonly evaluations: readonly EvaluationReport[];
}

/** What one evaluation under one variant has come to. */
export interface EvaluationReport {
  /** The evaluation as stored: its name, status and counts. */
  readonly stored: StoredEvaluation;
  /** The variant's bindings. */
  readonly variant: Readonly<Record<string, unknown>>;
  readonly metrics: readonly ReportedMetric[];
  /** What its calls came to, by model. */
  readonly calls: readonly CallTotals[];
  /** How its scores are spread, by name. */
  readonly distributions: ReadonlyMap<string, ScoreDistribution>;
}

/** One metric of one score. */
export interface ReportedMetric {
  readonly score: string;
  /** The metric's name; with its parameters where the score has two of that name. */
  readonly metric: string;
  /** `null` where there is nothing to compute it from, or it was not computed yet. */
  readonly value: number | null;
  /** What explains it: an interval, groups, a matrix. */
  readonly details: MetricParameter | undefined;
  /** Between what bounds it lies, at 95%, where the sums or the details say so. */
  readonly interval: Interval | undefined;
  /** Where the value does not cover all results of now: how many it does, and how many there are. */
  readonly asOf: { readonly results: number; readonly of: number } | undefined;
}

/** Which experiment to report on. */
export interface ReportOptions {
  /** Only the evaluation of this name, in all its variants. */
  readonly evaluation?: string | undefined;
}

/**
 * Reads what an experiment has come to.
 *
 * @throws {DotevalsError} `no-experiment` or `no-evaluation`
 */
export async function reportExperiment(
  storage: Storage,
  experiment: string,
  options: ReportOptions = {},
): Promise<ExperimentReport> {
  const stored = await evaluationsOf(storage, experiment, options.evaluation);
  const evaluations = await Promise.all(
    stored.map((evaluation) => reportEvaluation(storage, evaluation)),
  );
  return { experiment, evaluations };
}

/**
 * The evaluations of an experiment, or those of one name.
 *
 * @throws {DotevalsError} `no-experiment` or `no-evaluation`
 */
export async function evaluationsOf(
  storage: Storage,
  experiment: string,
  name?: string,
): Promise<readonly StoredEvaluation[]> {
  const evaluations = await storage.evaluations(experiment);
  if (name === undefined) return evaluations;
  const found = evaluations.filter((evaluation) => evaluation.name === name);
  if (found.length > 0) return found;
  const names = [...new Set(evaluations.map((evaluation) => evaluation.name))];
  throw new DotevalsError(`The experiment "${experiment}" has no evaluation named "${name}".`, {
    code: "no-evaluation",
    hint: names.length === 0 ? "It holds no evaluations yet." : suggestion(name, names),
  });
}

async function reportEvaluation(
  storage: Storage,
  stored: StoredEvaluation,
): Promise<EvaluationReport> {
  // At once: a remote database takes its time for each answer.
  const [metrics, calls, distributions] = await Promise.all([
    storage.metrics(stored.id),
    storage.callTotals(stored.id),
    storage.distributions(stored.id),
  ]);
  const nothing = new RunningSums().aggregate(stored.errors);
  const sumsOf = (score: string) => distributions.get(score)?.sums ?? nothing;
  return {
    stored,
    variant: bindingsOf(stored),
    metrics: metrics.map((metric) => {
      const { score } = metric;
      const sums = sumsOf(score);
      const now = valueNow(metric, stored, sums);
      const interval = detailedInterval(now.details) ?? metricInterval(metric.metric, sums);
      return { score, metric: metricLabel(metric, metrics), ...now, interval };
    }),
    calls,
    distributions: inOrder(distributions, metrics),
  };
}

/** In the order of their metrics, then those without one. */
function inOrder(
  distributions: EvaluationReport["distributions"],
  metrics: readonly StoredMetric[],
): EvaluationReport["distributions"] {
  const names = new Set([
    ...metrics.map(({ score }) => score),
    ...[...distributions.keys()].sort(),
  ]);
  return new Map([...names].flatMap((name) => {
    const distribution = distributions.get(name);
    return distribution ? [[name, distribution] as const] : [];
  }));
}

/** Whether a metric's stored value covers all results of now. */
function isFresh({ computed }: StoredMetric, stored: StoredEvaluation): boolean {
  return computed?.revision === stored.revision;
}

/** How to compute a metric from sums, where that is how it is computed. */
function computeFrom(
  metric: StoredMetric,
): ((aggregate: ScoreAggregate) => MetricValue) | undefined {
  return builtinMetric(metric.metric, metric.parameters)?.fromAggregate;
}

function valueNow(
  metric: StoredMetric,
  stored: StoredEvaluation,
  sums: ScoreAggregate,
): Pick<ReportedMetric, "value" | "details" | "asOf"> {
  const { computed } = metric;
  if (computed && isFresh(metric, stored)) return { ...valueOf(computed), asOf: undefined };
  const compute = computeFrom(metric);
  if (compute) return { ...valueOf(compute(sums)), asOf: undefined };
  if (!computed) return { value: null, details: undefined, asOf: undefined };
  return {
    ...valueOf(computed),
    asOf: { results: computed.results, of: stored.completed },
  };
}

function valueOf({ value, details }: MetricValue): Pick<ReportedMetric, "value" | "details"> {
  return { value, details };
}
