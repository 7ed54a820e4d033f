// Structured extraction: which people, dates and amounts of money does a note name?
//
// Run it: deno run -A cli.ts run examples/evals/extraction.eval.ts
// With another model: add --model openai:gpt-4o-mini (the key is read from OPENAI_API_KEY).

import { csv, evaluator, fixture, foreach, jsonl, mean, result } from "@dotevals/core";

interface Facts {
  readonly people: readonly string[];
  readonly dates: readonly string[];
  readonly amounts: readonly string[];
}

const notes = jsonl<{ text: string; expected: Facts }>(
  new URL("../data/notes.jsonl", import.meta.url),
);

const list = { type: "array", items: { type: "string" } };
const schema = {
  type: "object",
  properties: { people: list, dates: list, amounts: list },
  required: ["people", "dates", "amounts"],
  additionalProperties: false,
};

/** Read once per session, whatever the number of notes: Bob is Robert. */
const nicknames = fixture(async () => {
  const rows = csv<{ nickname: string; name: string }>(
    new URL("../data/nicknames.csv", import.meta.url),
  );
  const names = new Map<string, string>();
  for await (const { nickname, name } of rows) names.set(nickname, name);
  return names;
}, { teardown: (names) => names.clear() });

/** F1: 1 where exactly the expected entries were found, 0 where none was. */
const overlap = evaluator(
  function overlap(found: readonly string[], expected: readonly string[]) {
    if (found.length + expected.length === 0) return 1;
    const both = found.filter((entry) => expected.includes(entry)).length;
    return 2 * both / (found.length + expected.length);
  },
  { metrics: [mean()] },
);

export const extraction = foreach("text,expected", notes, {
  model: "example:extract",
  fixtures: { nicknames },
  tags: ["example"],
}, async ({ text, expected }, { model, nicknames }) => {
  const response = await model.generate({
    system: "Find the people, dates (YYYY-MM-DD) and amounts (1200.50 USD) in the text. " +
      'Answer with JSON: {"people":[],"dates":[],"amounts":[]}.',
    messages: [{ role: "user", content: `Text: ${text}` }],
    schema,
  });
  const facts = factsOf(response.text);
  const people = facts.people.map((person) => {
    const [first = "", ...rest] = person.split(" ");
    return [nicknames.get(first) ?? first, ...rest].join(" ");
  });
  return result({
    scores: [
      overlap(people, expected.people, { name: "people" }),
      overlap(facts.dates, expected.dates, { name: "dates" }),
      overlap(facts.amounts, expected.amounts, { name: "amounts" }),
    ],
    metadata: { people },
  });
});

/** An answer that is no JSON throws, and is recorded as an error of its item. */
function factsOf(text: string): Facts {
  const { people = [], dates = [], amounts = [] } = JSON.parse(text);
  return { people, dates, amounts };
}
