/**
 * HumanEval: Python functions to complete (Chen et al. 2021, "Evaluating Large Language Models Trained on Code").
 *
 * @module
 */
import { codeBlock } from "../../evaluators/code_block.ts";
import { defineDataset, type NamedDataset } from "../define_dataset.ts";
import type { HubOptions } from "../hub.ts";
import { huggingFace } from "../hugging_face.ts";

/** A function to complete, with its tests. */
export interface HumanevalRow {
  /** `HumanEval/0`. */
  readonly task_id: string;
  /** The function's head, with its docstring. */
  readonly prompt: string;
  /** A body that passes. */
  readonly canonical_solution: string;
  /** Defines `check(candidate)`, which asserts. */
  readonly test: string;
  /** The function's name. */
  readonly entry_point: string;
}

/**
 * The problems of HumanEval, from the hub: MIT licence, https://huggingface.co/datasets/openai/openai_humaneval
 *
 * @example
 * ```ts
 * import { codeTests, foreach, humaneval, humanevalCode, humanevalPrompt, humanevalTests } from "@dotevals/core";
 *
 * export const completed = foreach(humaneval("test"), async (row, { model }) => {
 *   const response = await model.generate(humanevalPrompt(row));
 *   return await codeTests(humanevalCode(row, response.text), humanevalTests(row), { language: "python" });
 * });
 * ```
 */
export const humaneval: NamedDataset<HumanevalRow, "test", HubOptions> = defineDataset({
  name: "humaneval",
  summary: "Python functions to complete, with tests.",
  license: "MIT",
  source: "https://huggingface.co/datasets/openai/openai_humaneval",
  columns: ["task_id", "prompt", "canonical_solution", "test", "entry_point"],
  splits: { test: { rows: 164 } },
  load: (split: "test", options: HubOptions) =>
    huggingFace<HumanevalRow>("openai/openai_humaneval", {
      ...options,
      config: "openai_humaneval",
      split,
    }),
});

/** Asks for the whole function. */
export function humanevalPrompt({ prompt }: Pick<HumanevalRow, "prompt">): string {
  return `Complete this Python function. Answer with the whole function in one code block.\n\n` +
    `\`\`\`python\n${prompt}\`\`\``;
}

/** The code of an answer: as it is where it defines the function, else behind the function's head. */
export function humanevalCode(
  { prompt, entry_point }: Pick<HumanevalRow, "prompt" | "entry_point">,
  text: string,
): string {
  const code = codeBlock(text);
  const whole = code.split("\n").some((line) => line.startsWith(`def ${entry_point}(`));
  // A head may come with imports and functions that the code needs.
  return whole ? `${prompt}    pass\n\n${code}` : `${prompt}${code}`;
}

/** The tests, as `codeTests` takes them. */
export function humanevalTests(
  { test, entry_point }: Pick<HumanevalRow, "test" | "entry_point">,
): readonly string[] {
  return [`${test}\n\ncheck(${entry_point})\n`];
}
