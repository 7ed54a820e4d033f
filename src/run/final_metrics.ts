/**
 * The metrics of an evaluation's variant at its end.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Metric, MetricValue, ScoreAggregate } from "../evaluation/metric.ts";
import { builtinMetric } from "../metrics/builtin.ts";
import { metricLabel } from "../metrics/metric_label.ts";
import type { MetricDefinition, StoredMetric } from "../storage/storage.ts";
import { canonical } from "../values/canonical.ts";
import type { FinalMetric } from "./events.ts";
import { stateOver } from "./state_over.ts";
import type { Session } from "./session.ts";
import type { VariantRun } from "./variant_run.ts";

/** So many results are summed up in no time: their sums are not worth a write. */
const FEW_RESULTS = 10_000;

/**
 * All metrics from what is stored; those that take their time are stored with their value, so that it
 * is there when it is shown.
 *
 * A metric that throws, or gives what is no number, is told and has no value.
 */
export async function finalMetrics(
  session: Session,
  run: VariantRun,
): Promise<readonly FinalMetric[]> {
  const { id, name, variant } = run.stored;
  // Other shards may record while values are computed: these then are as of before.
  const before = await session.writer.find(name, variant) ?? run.stored;
  const [sums, definitions] = await Promise.all([
    session.storage.aggregates(id),
    session.storage.metrics(id),
  ]);
  const final: FinalMetric[] = [];
  const stored: (MetricDefinition & MetricValue)[] = [];
  for (const definition of definitions) {
    const { score } = definition;
    const { value, store } = await valueOf(session, run, {
      definition,
      aggregate: sums.get(score),
    });
    final.push({ score, metric: metricLabel(definition, definitions), ...value });
    if (store) stored.push({ ...definition, ...value });
  }
  if (stored.length > 0) {
    const { completed: results, revision } = before;
    await session.writer.storeMetrics(id, stored, { results, revision });
  }
  return final;
}

interface Wanted {
  readonly definition: StoredMetric;
  readonly aggregate: ScoreAggregate | undefined;
}

async function valueOf(
  session: Session,
  run: VariantRun,
  { definition, aggregate }: Wanted,
): Promise<{ value: MetricValue; store: boolean }> {
  const { score, metric, computed } = definition;
  const known = metricOf(run, definition);
  if (!known) {
    // A function that only the user's code has is not needed where its scores are the same.
    const same = computed?.revision === run.stored.revision && aggregate !== undefined &&
      run.isUnchanged(score, aggregate);
    const { value = null, details } = computed ?? {};
    return { value: { value, ...details !== undefined && { details } }, store: same };
  }
  const errors = aggregate?.errors ?? run.errors;
  try {
    if (known.fromAggregate && aggregate) {
      const store = aggregate.count > FEW_RESULTS;
      return { value: checked(known.fromAggregate(aggregate)), store };
    }
    const state = await stateOver(known, session.storage, { evaluation: run.stored.id, score });
    return { value: checked(state.result(errors)), store: true };
  } catch (error) {
    session.emit({
      type: "message",
      level: "error",
      text: `The metric "${metric}" of the score "${score}" of ${run.ref.label} has no value: ${
        messageOf(error)
      }`,
      source: "dotevals",
    });
    return { value: { value: null }, store: false };
  }
}

/** The metric as the evaluation's code brought it, or as this library knows it. */
function metricOf(
  run: VariantRun,
  { score, metric, parameters }: StoredMetric,
): Metric | undefined {
  const identity = canonical(parameters);
  return run.metrics.get(score)?.find((own) =>
    own.name === metric && canonical(own.parameters) === identity
  ) ?? builtinMetric(metric, parameters);
}

/**
 * What a metric computed: it is the user's code, and may give anything.
 *
 * @throws {TypeError} if it is no number, or its details are not JSON
 */
function checked(computed: MetricValue): MetricValue {
  const { value, details } = computed;
  if (value !== null && typeof value !== "number") {
    throw new TypeError(
      `it gave ${value === undefined ? "undefined" : `a ${typeof value}`}, not a number or null`,
    );
  }
  if (details !== undefined) JSON.stringify(details);
  return computed;
}
