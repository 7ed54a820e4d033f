// Word problems, answered by a class that is deployed on Modal (modal_app.py, beside this file).
//
// Run it: deno run -A cli.ts run examples/providers/modal.eval.ts
// The token is read from MODAL_TOKEN_ID and MODAL_TOKEN_SECRET, or from ~/.modal.toml.

import { foreach, jsonl, model, numericMatch } from "@dotevals/core";

const problems = jsonl<{ question: string; answer: number }>(
  new URL("../data/arithmetic.jsonl", import.meta.url),
);

export const wordProblems = foreach("question,answer", problems, {
  model: model("modal:dotevals-example/Chat.answer", {
    name: "modal",
    parameters: { model: "Qwen/Qwen2.5-0.5B-Instruct" },
    maxTokens: 256,
  }),
}, async ({ question, answer }, { model }) => {
  const { text } = await model.generate(`Answer with the number only.\n\nProblem: ${question}`);
  return numericMatch(text.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1), answer, { name: "correct" });
});
