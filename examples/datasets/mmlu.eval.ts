// MMLU: multiple choice questions in 57 subjects.
//
// Run it: deno run -A cli.ts run examples/datasets/mmlu.eval.ts --model openai:gpt-4o-mini --samples 20
// The questions are downloaded from the hub, or from the mirror that HF_ENDPOINT names.

import { accuracy, foreach, groupBy, mmlu, mmluAnswer, mmluPrompt, score } from "@dotevals/core";

const questions = mmlu("test", { baseUrl: Deno.env.get("HF_ENDPOINT") });

export const multitask = foreach(questions, { model: "echo:" }, async (row, { model }) => {
  const response = await model.generate(mmluPrompt(row));
  const chosen = mmluAnswer(response.text);
  return score("correct", chosen === row.answer, {
    metrics: [accuracy(), groupBy(accuracy(), "subject")],
    metadata: { chosen },
  });
});
