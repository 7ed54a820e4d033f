// Word problems, answered by vLLM on GPUs that are started on Modal and ended afterwards.
//
// Run it: deno run -A cli.ts run examples/providers/modal_vllm.eval.ts
// The token is read from MODAL_TOKEN_ID and MODAL_TOKEN_SECRET, or from ~/.modal.toml. Modal charges for the GPUs.

import { foreach, jsonl, model, numericMatch } from "@dotevals/core";

const problems = jsonl<{ question: string; answer: number }>(
  new URL("../data/arithmetic.jsonl", import.meta.url),
);

export const wordProblems = foreach("question,answer", problems, {
  model: model("modal-vllm:Qwen/Qwen2.5-0.5B-Instruct", {
    name: "qwen",
    gpu: "L4",
    maxSandboxes: 2,
    cacheVolume: "huggingface",
    maxTokens: 256,
    temperature: 0,
  }),
}, async ({ question, answer }, { model }) => {
  const { text } = await model.generate(`Answer with the number only.\n\nProblem: ${question}`);
  return numericMatch(text.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1), answer, { name: "correct" });
});
