// Word problems, answered by any model that the Vercel AI SDK knows.
//
// Run it: deno run -A cli.ts run examples/providers/ai.eval.ts
// The key is read from ANTHROPIC_API_KEY. With another model: add --model ai:google/gemini-2.5-flash

import { foreach, jsonl, model, numericMatch } from "@dotevals/core";

const problems = jsonl<{ question: string; answer: number }>(
  new URL("../data/arithmetic.jsonl", import.meta.url),
);

export const wordProblems = foreach("question,answer", problems, {
  model: model("ai:anthropic/claude-haiku-4-5", { name: "ai", maxTokens: 256 }),
}, async ({ question, answer }, { model }) => {
  const { text } = await model.generate(`Answer with the number only.\n\nProblem: ${question}`);
  return numericMatch(text.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1), answer, { name: "correct" });
});
