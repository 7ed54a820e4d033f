import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type Evaluation, run } from "@dotevals/core";
import { arithmetic } from "./evals/arithmetic.eval.ts";
import { extraction } from "./evals/extraction.eval.ts";
import { sentiment } from "./evals/sentiment.eval.ts";

/** An evaluation, and what its rows look like with a nonsensical expected answer. */
interface Example {
  readonly evaluation: Evaluation;
  readonly spoil: (row: object) => object;
}

const nonsense = { people: ["No One"], dates: ["x"], amounts: ["x"] };

const examples: Readonly<Record<string, Example>> = {
  arithmetic: { evaluation: arithmetic, spoil: (row) => ({ ...row, answer: -987654321 }) },
  sentiment: { evaluation: sentiment, spoil: (row) => ({ ...row, sentiment: "purple" }) },
  extraction: { evaluation: extraction, spoil: (row) => ({ ...row, expected: nonsense }) },
};

interface Outcome {
  readonly scores: readonly Readonly<Record<string, unknown>>[];
  /** Prompts and responses as JSON, by variant and position. */
  readonly exchanges: readonly string[];
}

async function outcomeOf(evaluation: Evaluation): Promise<Outcome> {
  await using results = await run(evaluation, { storage: "memory:" });
  const records = await Array.fromAsync(results.records());
  const exchanges = records.map(({ variant, position, prompt, response, error }) => {
    assertEquals(error, undefined);
    return JSON.stringify([variant, position, prompt, response]);
  });
  return { scores: records.map(({ scores }) => scores), exchanges: exchanges.sort() };
}

for (const [name, { evaluation, spoil }] of Object.entries(examples)) {
  Deno.test(`the example ${name} has at least 30 rows, some right and some wrong`, async () => {
    const { scores, exchanges } = await outcomeOf(evaluation);
    assert(exchanges.length >= 30);
    const values = scores.flatMap((score) => Object.values(score).map(Number));
    const share = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert(share > 0.2 && share < 0.95, `${share} of the answers are right`);
  });

  Deno.test(`the responses in the example ${name} do not depend on the expected answers`, async () => {
    const rows = await Array.fromAsync(evaluation.dataset as AsyncIterable<object>);
    const spoiled = await outcomeOf({ ...evaluation, dataset: rows.map(spoil) });
    const honest = await outcomeOf(evaluation);
    assertEquals(spoiled.exchanges, honest.exchanges);
    assertNotEquals(spoiled.scores, honest.scores);
  });
}
