/**
 * MMLU: multiple choice in 57 subjects (Hendrycks et al. 2021, "Measuring Massive Multitask Language
 * Understanding").
 *
 * @module
 */
import { choiceLetter } from "../../evaluators/choice_letter.ts";
import { defineDataset, type NamedDataset } from "../define_dataset.ts";
import type { HubOptions } from "../hub.ts";
import { huggingFace } from "../hugging_face.ts";

/** A question with four choices. */
export interface MmluRow {
  /** The question. */
  readonly question: string;
  /** What it is about: `abstract_algebra`. */
  readonly subject: string;
  /** The four choices. */
  readonly choices: readonly string[];
  /** The index of the right one, from 0. */
  readonly answer: number;
}

/** Options for {@linkcode mmlu}. */
export interface MmluOptions extends HubOptions {
  /**
   * One subject, such as `"abstract_algebra"`.
   *
   * @default {"all"}
   */
  readonly subject?: string;
}

/** The splits; `auxiliary_train` only of all subjects. */
export type MmluSplit = "auxiliary_train" | "dev" | "validation" | "test";

/**
 * The questions of MMLU, from the hub: MIT licence, https://huggingface.co/datasets/cais/mmlu
 *
 * @example
 * ```ts
 * import { exactMatch, foreach, mmlu, mmluAnswer, mmluPrompt } from "@dotevals/core";
 *
 * export const algebra = foreach(mmlu("test", { subject: "abstract_algebra" }), async (row, { model }) => {
 *   const response = await model.generate(mmluPrompt(row));
 *   return exactMatch(mmluAnswer(response.text), row.answer);
 * });
 * ```
 */
export const mmlu: NamedDataset<MmluRow, MmluSplit, MmluOptions> = defineDataset({
  name: "mmlu",
  summary: "Multiple choice questions in 57 subjects.",
  license: "MIT",
  source: "https://huggingface.co/datasets/cais/mmlu",
  columns: ["question", "subject", "choices", "answer"],
  splits: {
    auxiliary_train: { rows: 99842 },
    dev: { rows: 285 },
    validation: { rows: 1531 },
    test: { rows: 14042 },
  },
  load: (split: MmluSplit, { subject = "all", ...options }: MmluOptions) =>
    huggingFace<MmluRow>("cais/mmlu", { ...options, config: subject, split }),
});

const LETTERS = "ABCD";

/** Shows the choices with their letters, and asks for one. */
export function mmluPrompt({ question, choices }: Pick<MmluRow, "question" | "choices">): string {
  const lines = choices.map((choice, index) => `${LETTERS[index]}. ${choice}`);
  return [question, ...lines, "", "Answer with the letter of the right choice."].join("\n");
}

/** The index of the choice that a text names by its letter, as in the column `answer`. */
export function mmluAnswer(text: string): number | undefined {
  const letter = choiceLetter(text, LETTERS);
  return letter === undefined ? undefined : LETTERS.indexOf(letter);
}
