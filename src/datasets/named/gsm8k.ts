/**
 * GSM8K: grade school math word problems (Cobbe et al. 2021, "Training Verifiers to Solve Math Word Problems").
 *
 * @module
 */
import { afterMarker } from "../../evaluators/after_marker.ts";
import { lastNumber } from "../../evaluators/last_number.ts";
import { defineDataset, type NamedDataset } from "../define_dataset.ts";
import type { HubOptions } from "../hub.ts";
import { huggingFace } from "../hugging_face.ts";

/** A problem. Its answer is the solution, with the number behind `####`. */
export interface Gsm8kRow {
  /** The problem. */
  readonly question: string;
  /** The solution step by step, and the number behind `####`. */
  readonly answer: string;
}

/**
 * The problems of GSM8K, from the hub: MIT licence, https://huggingface.co/datasets/openai/gsm8k
 *
 * @example
 * ```ts
 * import { foreach, gsm8k, gsm8kAnswer, gsm8kPrompt, numericMatch } from "@dotevals/core";
 *
 * export const problems = foreach(gsm8k("test"), async (row, { model }) => {
 *   const response = await model.generate(gsm8kPrompt(row));
 *   return numericMatch(gsm8kAnswer(response.text), gsm8kAnswer(row.answer));
 * });
 * ```
 */
export const gsm8k: NamedDataset<Gsm8kRow, "train" | "test", HubOptions> = defineDataset({
  name: "gsm8k",
  summary: "Grade school math word problems, with solutions.",
  license: "MIT",
  source: "https://huggingface.co/datasets/openai/gsm8k",
  columns: ["question", "answer"],
  splits: { train: { rows: 7473 }, test: { rows: 1319 } },
  load: (split: "train" | "test", options: HubOptions) =>
    huggingFace<Gsm8kRow>("openai/gsm8k", { ...options, config: "main", split }),
});

const marked = afterMarker("####");

/** Asks for the solution step by step, and the number behind `####`. */
export function gsm8kPrompt({ question }: Pick<Gsm8kRow, "question">): string {
  return `${question}\n\nWork step by step. End with a line that has #### and then the number only.`;
}

/** The number of a solution: the last one behind `####`, without what stands around it, or else the last of all. */
export function gsm8kAnswer(text: string): string | undefined {
  return lastNumber(marked(text) ?? text);
}
