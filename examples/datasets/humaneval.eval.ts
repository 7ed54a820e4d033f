// HumanEval: Python functions to complete. What the model writes runs by Pyodide, without any permission.
//
// Run it: deno run -A cli.ts run examples/datasets/humaneval.eval.ts --model openai:gpt-4o-mini --samples 20
// The problems are downloaded from the hub, or from the mirror that HF_ENDPOINT names.

import {
  codeTests,
  foreach,
  humaneval,
  humanevalCode,
  humanevalPrompt,
  humanevalTests,
} from "@dotevals/core";

const functions = humaneval("test", { baseUrl: Deno.env.get("HF_ENDPOINT") });

export const python = foreach(functions, { model: "echo:" }, async (row, { model }) => {
  const response = await model.generate(humanevalPrompt(row));
  return await codeTests(humanevalCode(row, response.text), humanevalTests(row), {
    language: "python",
    name: "passes",
  });
});
