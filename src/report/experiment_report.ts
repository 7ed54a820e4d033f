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
import { metricLabel } from "../metrics/metric_label.ts";
import { RunningSums } from "../metrics/running_sums.ts";
import { suggestion } from "../nearest.ts";
import type { CallTotals } from "../storage/recorded_call.ts";
import type { Storage, StoredEvaluation, StoredMetric } from "../storage/storage.ts";
import { decode } from "../values/tagged.ts";

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
  const stored = selected(await storage.evaluations(experiment), experiment, options.evaluation);
  const evaluations = await Promise.all(
    stored.map((evaluation) => reportEvaluation(storage, evaluation)),
  );
  return { experiment, evaluations };
}

function selected(
  evaluations: readonly StoredEvaluation[],
  experiment: string,
  name: string | undefined,
): readonly StoredEvaluation[] {
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
  const [metrics, calls] = await Promise.all([
    storage.metrics(stored.id),
    storage.callTotals(stored.id),
  ]);
  const wanting = metrics.some((metric) => !isFresh(metric, stored) && computeFrom(metric));
  const sums = wanting ? await storage.aggregates(stored.id) : new Map<string, ScoreAggregate>();
  return {
    stored,
    variant: decode(stored.variant) as Readonly<Record<string, unknown>>,
    metrics: metrics.map((metric) => {
      const { value, details, asOf } = valueNow(metric, stored, sums);
      return { score: metric.score, metric: metricLabel(metric, metrics), value, details, asOf };
    }),
    calls,
  };
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
  sums: ReadonlyMap<string, ScoreAggregate>,
): Pick<ReportedMetric, "value" | "details" | "asOf"> {
  const { computed } = metric;
  if (computed && isFresh(metric, stored)) return { ...valueOf(computed), asOf: undefined };
  const compute = computeFrom(metric);
  if (compute) {
    const aggregate = sums.get(metric.score) ?? new RunningSums().aggregate(stored.errors);
    return { ...valueOf(compute(aggregate)), asOf: undefined };
  }
  if (!computed) return { value: null, details: undefined, asOf: undefined };
  return {
    ...valueOf(computed),
    asOf: { results: computed.results, of: stored.completed },
  };
}

function valueOf({ value, details }: MetricValue): Pick<ReportedMetric, "value" | "details"> {
  return { value, details };
}
