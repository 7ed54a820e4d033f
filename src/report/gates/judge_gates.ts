/**
 * Whether results satisfy gates.
 *
 * @module
 */
import { DotevalsError } from "../../errors.ts";
import { allCalls } from "../call_table.ts";
import type { EvaluationReport, ExperimentReport } from "../experiment_report.ts";
import { type Count, type Gate, isCount, satisfies } from "./gate.ts";
import { nameOf, type Subject, subjectsOf } from "./gate_subjects.ts";

/** What became of a gate, for one evaluation, or for all where it is on a count. */
export interface Judgement {
  readonly gate: Gate;
  readonly passed: boolean;
  /** What it was judged on: an evaluation and its variant; `undefined` for all of them. */
  readonly label: string | undefined;
  /** The value, or the bound of it; `undefined` where there is none. */
  readonly value: number | undefined;
  /** What the value was compared with; `undefined` where there is no such number. */
  readonly limit: number | undefined;
  /** How many items the value covers. */
  readonly items: number;
  /** Items that ended with an error. */
  readonly errors: number;
  /** Why it failed though there is a value, or that there is none. */
  readonly problem: string | undefined;
  /** The metric; `undefined` for a count. */
  readonly metric: string | undefined;
}

/**
 * Judges gates by what an experiment, and the baseline where there is one, has come to.
 *
 * A gate does not pass on missing data: where an evaluation is incomplete or a metric is not of all results.
 *
 * @throws {DotevalsError} `no-metric`, `no-baseline` or `no-baseline-metric`
 */
export function judgeGates(
  gates: readonly Gate[],
  report: ExperimentReport,
  baseline: ExperimentReport | undefined,
): readonly Judgement[] {
  return gates.flatMap((gate) =>
    subjectsOf(gate.subject, report).map((subject) => judge(gate, subject, baseline))
  );
}

/**
 * Refuses gates that a baseline cannot answer, before anything is run.
 *
 * @throws {DotevalsError} `no-baseline`, `no-metric`
 */
export function checkBaseline(
  gates: readonly Gate[],
  baseline: ExperimentReport | undefined,
): void {
  for (const { text, subject, limit } of gates) {
    if (!limit.fromBaseline) continue;
    if (baseline === undefined) {
      throw new DotevalsError(`The gate "${text}" needs a baseline.`, {
        code: "no-baseline",
        hint: "Name an experiment to compare with: --baseline EXPERIMENT",
      });
    }
    subjectsOf(subject, baseline);
  }
  if (baseline && gates.every(({ limit }) => !limit.fromBaseline)) {
    throw new DotevalsError(`No gate compares with the baseline "${baseline.experiment}".`, {
      code: "no-baseline",
      hint:
        'Write one that does, such as: "exactMatch.accuracy >= baseline", or leave --baseline out.',
    });
  }
}

/**
 * Refuses gates on metrics that an experiment cannot get, before it is gone on with: where all evaluations that
 * will run have metrics already, their scores have these and no others.
 *
 * @throws {DotevalsError} `no-metric`
 */
export function checkMetrics(
  gates: readonly Gate[],
  report: ExperimentReport,
  names: readonly string[],
): void {
  const known = new Set(
    report.evaluations.filter(({ metrics }) => metrics.length > 0).map(({ stored }) => stored.name),
  );
  if (!names.every((name) => known.has(name))) return;
  for (const { subject } of gates) subjectsOf(subject, report);
}

function judge(
  gate: Gate,
  subject: Subject,
  baseline: ExperimentReport | undefined,
): Judgement {
  const { evaluations, metric, label } = subject;
  const value = valueOf(gate, subject);
  const base = gate.limit.fromBaseline ? baselineOf(gate, subject, baseline) : { value: 0 };
  const limit = base.value + gate.limit.number;
  const problem = problemOf(subject, value, gate) ?? base.problem;
  return {
    gate,
    label,
    value,
    limit,
    items: itemsOf(evaluations),
    errors: evaluations.reduce((sum, { stored }) => sum + stored.errors, 0),
    problem,
    passed: problem === undefined && value !== undefined && satisfies(value, gate.operator, limit),
    metric: metric?.metric,
  };
}

function problemOf(
  { evaluations, metric }: Subject,
  value: number | undefined,
  gate: Gate,
): string | undefined {
  const unfinished = evaluations.find(({ stored }) => stored.status !== "complete");
  if (unfinished !== undefined) {
    const { status, completed, items } = unfinished.stored;
    return `it is ${status}, ${completed} of ${items} items are recorded`;
  }
  if (metric?.asOf) {
    return `the value is of ${metric.asOf.results} of ${metric.asOf.of} results; run it again`;
  }
  if (value === undefined) {
    return metric === undefined && nameOf(gate.subject) === "cost" && itemsOf(evaluations) > 0
      ? "the price of some calls is not known"
      : gate.bound === undefined
      ? "a gate does not pass on nothing"
      : "it has no interval";
  }
  return undefined;
}

function valueOf({ subject, bound }: Gate, { evaluations, metric }: Subject): number | undefined {
  if (metric === undefined) {
    const count = nameOf(subject);
    return isCount(count) ? counted(count, evaluations) : undefined;
  }
  const { value, interval } = metric;
  const number = bound === undefined ? value : bound === "lower" ? interval?.low : interval?.high;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function itemsOf(evaluations: readonly EvaluationReport[]): number {
  return evaluations.reduce((sum, { stored }) => sum + stored.completed, 0);
}

/** `undefined` of no items, which have no errors because there are none. */
function counted(count: Count, evaluations: readonly EvaluationReport[]): number | undefined {
  const items = itemsOf(evaluations);
  if (items === 0) return undefined;
  const sum = (pick: (evaluation: EvaluationReport) => number) =>
    evaluations.reduce((all, evaluation) => all + pick(evaluation), 0);
  const errors = sum(({ stored }) => stored.errors);
  switch (count) {
    case "errors":
      return errors;
    case "errorRate":
      return errors / items;
    case "cost": {
      const all = evaluations.map(({ calls }) => allCalls(calls));
      // A cost that is not all known is more than what is known.
      const isKnown = all.every(({ calls, failed, priced }) => priced >= calls - failed);
      return isKnown ? all.reduce((total, { cost = 0 }) => total + cost, 0) : undefined;
    }
  }
}

/** The baseline's value, and why it cannot be compared with. */
interface Baseline {
  readonly value: number;
  readonly problem?: string;
}

/** What the baseline has of the same evaluation, under the same variant or its only one. */
function baselineOf(
  gate: Gate,
  { evaluations: [own], metric }: Subject,
  baseline: ExperimentReport | undefined,
): Baseline {
  const subjects = baseline === undefined ? [] : subjectsOf(gate.subject, baseline);
  const named = subjects.filter(({ evaluations: [other] }) =>
    metric === undefined || other?.stored.name === own?.stored.name
  );
  const same = named.filter(({ evaluations: [other] }) =>
    other?.stored.variant === own?.stored.variant
  );
  const [found] = same.length === 1 ? same : named;
  const value = found && valueOf({ ...gate, bound: undefined }, found);
  if (found === undefined || value === undefined) {
    return { value: NaN, problem: "the baseline has no value" };
  }
  if (same.length !== 1 && named.length > 1) {
    return { value: NaN, problem: "the baseline has several variants, and not this one" };
  }
  const problem = problemOf(found, value, gate);
  return { value, ...problem !== undefined && { problem: `of the baseline: ${problem}` } };
}
