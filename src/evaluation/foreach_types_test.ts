import { foreach } from "./foreach.ts";
import { batch } from "./batch.ts";
import { fixture } from "./fixture.ts";
import { score } from "./score.ts";

/** Compiles only where the two types are the same. */
function same<Expected>() {
  return <Actual>(
    _value: Actual,
    ..._no: (<T>() => T extends Expected ? 1 : 2) extends (<T>() => T extends Actual ? 1 : 2) ? []
      : [expected: Expected]
  ) => score("same", true);
}

interface Row {
  question: string;
  answer: number;
}

Deno.test("foreach() infers inline tuples by position without as const", () => {
  foreach("question, answer", [["1 + 1", 2], ["2 + 2", 4]], ({ question, answer }) => {
    same<string>()(question);
    return same<number>()(answer);
  });
});

Deno.test("foreach() infers a union from widened arrays", () => {
  const dataset = [["1 + 1", 2], ["2 + 2", 4]];
  foreach("question,answer", dataset, ({ question }) => same<string | number>()(question));
});

Deno.test("foreach() infers object rows by name", () => {
  const dataset = [{ question: "1 + 1", answer: 2, extra: true }];
  foreach("answer,question", dataset, ({ question, answer }) => {
    same<string>()(question);
    return same<number>()(answer);
  });
});

Deno.test("foreach() infers the rows of generators, sync and async", () => {
  foreach("question", function* () {
    yield { question: "1 + 1" };
  }, ({ question }) => same<string>()(question));
  foreach("question,answer", async function* () {
    yield await Promise.resolve(["1 + 1", 2] as const);
  }, ({ answer }) => same<2>()(answer));
  foreach(
    "question,answer",
    (function* (): Generator<[string, number]> {
      yield ["1 + 1", 2];
    })(),
    ({ question, answer }) => {
      same<string>()(question);
      return same<number>()(answer);
    },
  );
});

Deno.test("foreach() takes rows of unknown type, whose columns are unknown", () => {
  const rows: AsyncIterable<unknown> = (async function* () {})();
  foreach("question", rows, ({ question }) => same<unknown>()(question));
  foreach("question", rows, { repeats: 2 }, ({ question }) => same<unknown>()(question));
});

Deno.test("foreach() infers a single value as its one column", () => {
  foreach("text", ["a", "b"], ({ text }) => same<string>()(text));
});

Deno.test("foreach() without columns hands over whole rows", () => {
  const dataset: Row[] = [{ question: "1 + 1", answer: 2 }];
  foreach(dataset, (row) => same<Row>()(row));
  foreach(dataset, { repeats: 3 }, (row) => same<Row>()(row));
});

Deno.test("a column that the dataset lacks is a type error", () => {
  const dataset: Row[] = [];
  // @ts-expect-error the dataset has no column "answr"
  foreach("question,answr", dataset, ({ question }) => same<string>()(question));
  // @ts-expect-error rows of two values have no third column
  foreach("question,answer,third", [["1 + 1", 2]], ({ question }) => same<string>()(question));
  // @ts-expect-error the dataset has no column "answr"
  foreach("question,answr", dataset, { repeats: 2 }, ({ question }) => same<string>()(question));
  // @ts-expect-error the dataset has no column "answr"
  batch("question,answr", dataset, ({ question }) => question.map(() => score("a", 1)));
});

Deno.test("fixtures and params reach the context with their types", () => {
  const size = fixture(() => 3);
  const base = foreach.with({ fixtures: { size }, params: { style: ["terse", "long"] } });
  const words = fixture(() => Promise.resolve(["a"]));
  base("text", ["a"], { fixtures: { words } }, (_row, context) => {
    same<number>()(context.size);
    same<string[]>()(context.words);
    return same<"terse" | "long">()(context.params.style);
  });
  foreach(
    "text",
    ["a"],
    { params: [{ shots: 1 }, { shots: 5 }] },
    (_row, { params }) => same<1 | 5>()(params.shots),
  );
});

Deno.test("a fixture called model takes the place of context.model, type included", () => {
  const client = fixture(() => ({ ask: (question: string) => question.length }));
  foreach(
    "text",
    ["a"],
    { fixtures: { model: client } },
    ({ text }, { model }) => same<number>()(model.ask(text)),
  );
});

Deno.test("batch() hands columns over as arrays", () => {
  const dataset: Row[] = [];
  batch("question,answer", dataset, { batchSize: 2 }, ({ question, answer }, { items }) => {
    same<readonly string[]>()(question);
    same<readonly number[]>()(answer);
    return items.map(() => score("a", true));
  });
  batch(dataset, (rows) => same<readonly Row[]>()(rows));
});
