/**
 * What is worth a warning in an evaluation that goes on all the same.
 *
 * @module
 */
import type { Score } from "../evaluation/score.ts";
import type { EvaluationRef, RunEvent } from "./events.ts";

/** The dataset has no row. */
export function emptyDataset(evaluation: string): string {
  return `${evaluation}: its dataset is empty.`;
}

/** A budget in dollars cannot count the calls of a model. */
export function unknownPrice(evaluation: string, model: string): string {
  return `${evaluation}: the price of "${model}" is not known: its calls do not count against a cost.`;
}

/** An evaluator threw. */
export function thrownScore({ label }: EvaluationRef, { name, value }: Score): string {
  const error = typeof value === "object" ? value.error : undefined;
  return `The evaluator of the score "${name}" of ${label} threw ${error}. ` +
    "The score counts as wrong; the item's other scores stay.";
}

/** Warnings of one evaluation, each told once. */
export class Warnings {
  readonly #told = new Set<string>();
  #emit: (event: RunEvent) => void;

  /** Tells them by `emit`. */
  constructor(emit: (event: RunEvent) => void) {
    this.#emit = emit;
  }

  /** Tells a text, unless there was one about the same. */
  once(about: string, text: string): void {
    if (this.#told.has(about)) return;
    this.#told.add(about);
    this.#emit({ type: "message", level: "warn", text, source: "dotevals" });
  }
}
