import { exactMatch, foreach } from "@dotevals/core";

/** One item of a model in this process. */
export const one = foreach(
  "text",
  ["hello"],
  { model: "echo:" },
  async ({ text }, { model }) => exactMatch((await model.generate(text)).text, text),
);
