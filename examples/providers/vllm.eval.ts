// Word problems, answered by a model on this machine's GPU: vLLM is started for the run.
//
// Run it: deno run -A cli.ts run examples/providers/vllm.eval.ts
// vLLM must be installed (pip install vllm).

import { foreach, jsonl, model, numericMatch } from "@dotevals/core";

const problems = jsonl<{ question: string; answer: number }>(
  new URL("../data/arithmetic.jsonl", import.meta.url),
);

export const wordProblems = foreach("question,answer", problems, {
  model: model("vllm:Qwen/Qwen2.5-0.5B-Instruct", {
    name: "vllm",
    args: ["--max-model-len", 2048],
    maxTokens: 256,
  }),
}, async ({ question, answer }, { model }) => {
  const { text } = await model.generate(`Answer with the number only.\n\nProblem: ${question}`);
  return numericMatch(text.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1), answer, { name: "correct" });
});
