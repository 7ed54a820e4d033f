/**
 * What gates are on.
 *
 * @module
 */
import { DotevalsError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import type { EvaluationReport, ExperimentReport, ReportedMetric } from "../experiment_report.ts";
import { metricTitle } from "../metric_text.ts";
import { evaluationLabel } from "../variant_text.ts";
import { COUNTS, isCount } from "./gate.ts";

/** A part of an experiment's results that a gate is on. */
export interface Subject {
  readonly evaluations: readonly EvaluationReport[];
  /** `undefined` for a count. */
  readonly metric: ReportedMetric | undefined;
  /** The evaluation and its variant; `undefined` for all of them. */
  readonly label: string | undefined;
}

/**
 * What a subject means in an experiment: a metric of each evaluation that has it, or of the one that is named
 * before a slash; a count over all evaluations, or the one that is named.
 *
 * @throws {DotevalsError} `no-metric`, with the nearest name in the hint
 */
export function subjectsOf(
  subject: string,
  { evaluations, experiment }: ExperimentReport,
): readonly Subject[] {
  const named = evaluations.flatMap((evaluation) => {
    const { stored, variant } = evaluation;
    const label = evaluationLabel(stored.name, variant);
    const rest = afterSlash(subject, label) ?? afterSlash(subject, stored.name);
    return { evaluation, label, name: rest ?? subject, isNamed: rest !== undefined };
  });
  const count = nameOf(subject);
  if (isCount(count)) {
    const meant = count === subject ? named : named.filter(({ isNamed }) => isNamed);
    if (meant.length > 0) {
      const label = count === subject ? undefined : subject.slice(0, subject.lastIndexOf("/"));
      return [{ evaluations: meant.map(({ evaluation }) => evaluation), metric: undefined, label }];
    }
  }
  const found = named.flatMap(({ evaluation, label, name }) =>
    evaluation.metrics
      .filter((metric) => metricTitle(metric) === name)
      .map((metric) => ({ evaluations: [evaluation], metric, label }))
  );
  if (found.length > 0) return found;
  const titles = [
    ...new Set(evaluations.flatMap(({ metrics }) => metrics.map(metricTitle))),
    ...COUNTS,
  ];
  // Where what stands behind the slash is known, it is the evaluation that is not.
  const isEvaluation = count !== subject && titles.includes(count);
  const names = isEvaluation ? named.map(({ label }) => `${label}/${count}`) : titles;
  throw new DotevalsError(
    `There is nothing named "${subject}" in the experiment "${experiment}".`,
    {
      code: "no-metric",
      hint: evaluations.length === 0
        ? "It holds no evaluations yet."
        : suggestion(isEvaluation ? subject : count, names),
    },
  );
}

/** What stands behind an evaluation's name and a slash. */
function afterSlash(subject: string, evaluation: string): string | undefined {
  return subject.startsWith(`${evaluation}/`) ? subject.slice(evaluation.length + 1) : undefined;
}

/** A subject without its evaluation, whatever that is called. */
export function nameOf(subject: string): string {
  return subject.slice(subject.lastIndexOf("/") + 1);
}
