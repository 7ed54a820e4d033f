// Word problems: is the number in the answer right, and does working step by step help?
//
// Run it: deno run -A cli.ts run examples/evals/arithmetic.eval.ts
// With another model: add --model openai:gpt-4o-mini (the key is read from OPENAI_API_KEY).

import { foreach, jsonl, numericMatch } from "@dotevals/core";

/** Two variants: each problem runs once under each instruction. */
const instruction = {
  quick: "Answer with the number only.",
  steps: "Work step by step, and end with a line that says Answer: and the number.",
} as const;

const problems = jsonl<{ question: string; answer: number }>(
  new URL("../data/arithmetic.jsonl", import.meta.url),
);

export const arithmetic = foreach("question,answer", problems, {
  model: "example:arithmetic",
  params: { style: ["quick", "steps"] },
  tags: ["example"],
}, async ({ question, answer }, { model, params }) => {
  const response = await model.generate(`${instruction[params.style]}\n\nProblem: ${question}`);
  return numericMatch(lastNumber(response.text), answer, { name: "correct" });
});

/** The answer stands at the end, with or without steps before it. */
function lastNumber(text: string): string | undefined {
  return text.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1);
}
