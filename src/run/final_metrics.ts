/**
 * The metrics of an evaluation's variant at its end.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Metric, MetricValue, ScoreAggregate } from "../evaluation/metric.ts";
import { builtinMetric } from "../metrics/builtin.ts";
import { metricInterval } from "../metrics/metric_interval.ts";
import { metricLabel } from "../metrics/metric_label.ts";
import { stepsOf } from "../metrics/steps_of.ts";
import type { MetricDefinition, StoredMetric } from "../storage/stored_metric.ts";
import { canonical } from "../values/canonical.ts";
import type { FinalMetric } from "./events.ts";
import { Pauses } from "./pauses.ts";
import type { Session } from "./session.ts";
import { type StateOver, statesOver } from "./states_over.ts";
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
  const pauses = new Pauses(session.clock);
  const states = await statesOf(session, run, { definitions, sums, pauses });
  for (const definition of definitions) {
    const { score } = definition;
    const aggregate = sums.get(score);
    const wanted = { definition, aggregate, state: states.get(definition), pauses };
    const { value, store } = await valueOf(session, run, wanted);
    final.push({
      score,
      metric: metricLabel(definition, definitions),
      ...value,
      interval: aggregate && metricInterval(definition.metric, aggregate),
    });
    if (store) stored.push({ ...definition, ...value });
  }
  if (stored.length > 0) {
    const { completed: results, revision } = before;
    await session.writer.storeMetrics(id, stored, { results, revision });
  }
  return final;
}

interface Read {
  readonly definitions: readonly StoredMetric[];
  readonly sums: ReadonlyMap<string, ScoreAggregate>;
  readonly pauses: Pauses;
}

/** The states of all metrics for which sums do not suffice: the scores of one name are read once for all of them. */
async function statesOf(
  session: Session,
  run: VariantRun,
  { definitions, sums, pauses }: Read,
): Promise<ReadonlyMap<StoredMetric, StateOver>> {
  const states = new Map<StoredMetric, StateOver>();
  for (const [score, own] of Map.groupBy(definitions, ({ score }) => score)) {
    const read = own.flatMap((definition) => {
      const metric = metricOf(run, definition);
      const isSummed = metric?.fromAggregate !== undefined && sums.has(score);
      return metric === undefined || isSummed ? [] : [{ definition, metric }];
    });
    if (read.length === 0) continue;
    const metrics = read.map(({ metric }) => metric);
    const scores = { evaluation: run.stored.id, score, pauses };
    const found = await statesOver(metrics, session.storage, scores).catch((error: unknown) =>
      metrics.map(() => ({ error }))
    );
    for (const [place, { definition }] of read.entries()) {
      const state = found[place];
      if (state !== undefined) states.set(definition, state);
    }
  }
  return states;
}

interface Wanted {
  readonly definition: StoredMetric;
  readonly aggregate: ScoreAggregate | undefined;
  readonly state: StateOver | undefined;
  readonly pauses: Pauses;
}

async function valueOf(
  session: Session,
  run: VariantRun,
  { definition, aggregate, state, pauses }: Wanted,
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
    if (state === undefined || "error" in state) throw state?.error;
    const value = await pauses.within(stepsOf(state.state, errors));
    return { value: checked(value), store: true };
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
