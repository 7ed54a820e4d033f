// GSM8K: grade school math word problems.
//
// Run it: deno run -A cli.ts run examples/datasets/gsm8k.eval.ts --model openai:gpt-4o-mini --samples 20
// The problems are downloaded from the hub, or from the mirror that HF_ENDPOINT names.

import { foreach, gsm8k, gsm8kAnswer, gsm8kPrompt, numericMatch } from "@dotevals/core";

const problems = gsm8k("test", { baseUrl: Deno.env.get("HF_ENDPOINT") });

export const gradeSchoolMath = foreach(
  problems,
  { model: "example:arithmetic" },
  async (row, { model }) => {
    const response = await model.generate(gsm8kPrompt(row));
    return numericMatch(gsm8kAnswer(response.text), gsm8kAnswer(row.answer), { name: "correct" });
  },
);
