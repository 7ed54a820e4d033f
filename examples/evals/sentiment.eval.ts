// Reviews of products and films: positive, negative or neutral? Ten reviews go into each call.
//
// Run it: deno run -A cli.ts run examples/evals/sentiment.eval.ts
// With another model: add --model openai:gpt-4o-mini (the key is read from OPENAI_API_KEY).

import { batch, csv, exactMatch } from "@dotevals/core";

const reviews = csv<{ review: string; sentiment: string }>(
  new URL("../data/reviews.csv", import.meta.url),
);

export const sentiment = batch("review,sentiment", reviews, {
  model: "example:sentiment",
  batchSize: 10,
  tags: ["example"],
}, async ({ review, sentiment }, { model }) => {
  const responses = await Promise.all(review.map((text) =>
    model.generate({
      system: "Is the review positive, negative or neutral? Answer with that one word.",
      messages: [{ role: "user", content: `Review: ${text}` }],
    })
  ));
  return responses.map(({ text }, index) =>
    exactMatch(text.trim().toLowerCase(), sentiment[index], { name: "correct" })
  );
});
