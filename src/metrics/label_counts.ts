/**
 * How often each label was predicted where each was expected.
 *
 * @module
 */
import type { ScoreValue } from "../evaluation/score_value.ts";

/** What labels are. */
export type Label = boolean | number | string;

/** How often a label was predicted rightly, wrongly, and missed. */
export interface LabelHits {
  readonly label: Label;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** Counts scores that are records `{ predicted, expected }`. */
export class LabelCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  /** Takes in one score; others than such records are left out. */
  add(value: ScoreValue): void {
    if (typeof value !== "object") return;
    const { predicted, expected } = value;
    if (!isLabel(predicted) || !isLabel(expected)) return;
    const row = this.#counts.get(nameOf(expected)) ?? new Map<string, number>();
    row.set(nameOf(predicted), (row.get(nameOf(predicted)) ?? 0) + 1);
    this.#counts.set(nameOf(expected), row);
  }

  /** Whether nothing was counted. */
  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** All labels, expected or predicted: booleans, then numbers, then texts, each in their order. */
  labels(): readonly Label[] {
    const names = new Set(this.#counts.keys());
    for (const row of this.#counts.values()) for (const name of row.keys()) names.add(name);
    return Array.from(names, (name): Label => JSON.parse(name)).sort(inOrder);
  }

  /** How often `predicted` was given where `expected` was right. */
  count(expected: Label, predicted: Label): number {
    return this.#counts.get(nameOf(expected))?.get(nameOf(predicted)) ?? 0;
  }

  /** What became of one label. */
  hits(label: Label): LabelHits {
    const others = this.labels().filter((other) => other !== label);
    return {
      label,
      truePositives: this.count(label, label),
      falsePositives: others.reduce<number>((sum, other) => sum + this.count(other, label), 0),
      falseNegatives: others.reduce<number>((sum, other) => sum + this.count(label, other), 0),
    };
  }
}

function isLabel(value: unknown): value is Label {
  return ["boolean", "string"].includes(typeof value) ||
    (typeof value === "number" && Number.isFinite(value));
}

function nameOf(label: Label): string {
  return JSON.stringify(label);
}

function inOrder(one: Label, other: Label): number {
  if (typeof one !== typeof other) return typeof one < typeof other ? -1 : 1;
  return one < other ? -1 : Number(one > other);
}
