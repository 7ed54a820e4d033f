// Word problems, answered by an endpoint of Amazon SageMaker that exists for as long as this runs.
//
// Run it: deno run -A cli.ts run examples/providers/sagemaker.eval.ts
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION must be set, and the role be one of yours.

import { foreach, jsonl, model, numericMatch } from "@dotevals/core";

const problems = jsonl<{ question: string; answer: number }>(
  new URL("../data/arithmetic.jsonl", import.meta.url),
);

export const wordProblems = foreach("question,answer", problems, {
  model: model("sagemaker:dotevals-example", {
    name: "sagemaker",
    maxTokens: 256,
    create: {
      image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.33.0-lmi15.0.0-cu128",
      env: { HF_MODEL_ID: "Qwen/Qwen2.5-0.5B-Instruct", OPTION_ROLLING_BATCH: "vllm" },
      role: "arn:aws:iam::123456789012:role/sagemaker",
      instanceType: "ml.g5.xlarge",
      autoscaling: { min: 1, max: 4, target: 200 },
    },
  }),
}, async ({ question, answer }, { model }) => {
  const { text } = await model.generate(`Answer with the number only.\n\nProblem: ${question}`);
  return numericMatch(text.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1), answer, { name: "correct" });
});
