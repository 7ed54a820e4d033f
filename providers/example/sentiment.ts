/**
 * `example:sentiment`: calls a text positive, negative or neutral by the words in it.
 *
 * The words' weights are AFINN-165's, by the npm package `sentiment`, which looks at single words
 * and negations before them: irony and "not only good, but …" escape it.
 *
 * @module
 */
// @ts-types="@types/sentiment"
import Sentiment from "sentiment";
import { labelledPart } from "./labelled.ts";

const scorer = new Sentiment();

/** Answers a prompt that holds a text, behind the label `Review:` or `Text:` where it says more. */
export function answer(prompt: string): string {
  const { score } = scorer.analyze(labelledPart(prompt, ["review", "text"]));
  return score > 0 ? "positive" : score < 0 ? "negative" : "neutral";
}
