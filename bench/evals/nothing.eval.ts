import { accuracy, evaluator, foreach } from "@dotevals/core";

const ROWS = Number(Deno.env.get("ROWS") ?? 100_000);

const always = evaluator(function always() {
  return true;
}, { metrics: [accuracy()] });

/** Does nothing, as often as it is asked to. */
export const nothing = foreach(
  "n",
  function* () {
    for (let n = 0; n < ROWS; n++) yield { n };
  },
  () => always(),
);
