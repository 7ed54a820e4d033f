/**
 * What every storage says of an experiment in the same way.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { suggestion } from "../nearest.ts";
import type { RunStatus, StoredEvaluation } from "./stored_evaluation.ts";

/** One experiment, as a list shows it. */
export interface ExperimentSummary {
  /** The name. */
  readonly name: string;
  /** Where it stands. */
  readonly status: RunStatus;
  /** Evaluations, each variant counted. */
  readonly evaluations: number;
  /** Items of all evaluations, as many as are known. */
  readonly items: number;
  /** Items with a recorded result, errors included, whose row is not gone. */
  readonly completed: number;
  /** Items among these that ended with an error. */
  readonly errors: number;
  /** When it was made. */
  readonly createdAt: Date;
  /** When it last changed. */
  readonly updatedAt: Date;
}

/** What {@linkcode summarise} takes beside the evaluations. */
export interface ExperimentFacts {
  readonly name: string;
  /** Whether a living session holds it. */
  readonly held: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** An experiment's summary from its evaluations, each of the newest generation. */
export function summarise(
  evaluations: readonly StoredEvaluation[],
  facts: ExperimentFacts,
): ExperimentSummary {
  const { name, held, createdAt, updatedAt } = facts;
  const complete = evaluations.length > 0 &&
    evaluations.every((evaluation) => evaluation.status === "complete");
  return {
    name,
    status: held ? "running" : complete ? "complete" : "incomplete",
    evaluations: evaluations.length,
    items: sum(evaluations, (evaluation) => evaluation.items),
    completed: sum(evaluations, (evaluation) => evaluation.completed),
    errors: sum(evaluations, (evaluation) => evaluation.errors),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

/** The error for an experiment that is not among `names`, with the nearest that is. */
export function noExperiment(name: string, names: readonly string[]): DotevalsError {
  return new DotevalsError(`There is no experiment ${JSON.stringify(name)}.`, {
    code: "no-experiment",
    hint: names.length === 0 ? "The storage holds no experiments yet." : suggestion(name, names),
  });
}

/** The error for a name that is taken. */
export function experimentExists(name: string): DotevalsError {
  return new DotevalsError(`There is already an experiment ${JSON.stringify(name)}.`, {
    code: "experiment-exists",
    hint: "Choose another name, or delete that experiment first.",
  });
}

function sum(
  evaluations: readonly StoredEvaluation[],
  count: (evaluation: StoredEvaluation) => number,
): number {
  return evaluations.reduce((total, evaluation) => total + count(evaluation), 0);
}
