// Word problems, answered by OpenAI with structured output: the schema makes it answer with a number.
//
// Run it: deno run -A cli.ts run examples/providers/openai.eval.ts
// The key is read from OPENAI_API_KEY. A server of your own that speaks OpenAI's API:
//   … --model openai=openai:qwen2.5 --model-option openai.baseUrl=http://127.0.0.1:8000/v1

import { foreach, jsonl, model, numericMatch } from "@dotevals/core";

const problems = jsonl<{ question: string; answer: number }>(
  new URL("../data/arithmetic.jsonl", import.meta.url),
);

const schema = {
  type: "object",
  properties: { answer: { type: "number" } },
  required: ["answer"],
  additionalProperties: false,
};

export const wordProblems = foreach("question,answer", problems, {
  model: model("openai:gpt-4o-mini", { name: "openai", maxTokens: 256 }),
}, async ({ question, answer }, { model }) => {
  const { parsed } = await model.generate({
    messages: [{ role: "user", content: `Problem: ${question}` }],
    schema,
  });
  return numericMatch((parsed as { answer?: number })?.answer, answer, { name: "correct" });
});
