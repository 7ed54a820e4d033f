import { exactMatch, foreach } from "@dotevals/core";

function* rows(count: number): Generator<number> {
  for (let n = 0; n < count; n++) yield n;
}

/** Asks the model about each of ROWS rows. */
export const asking = foreach(
  "n",
  () => rows(Number(Deno.env.get("ROWS"))),
  async ({ n }, { model }) => exactMatch((await model.generate(`item ${n}`)).text, `item ${n}`),
);
