import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { DotevalsError } from "../errors.ts";
import { itemKey, nextKey } from "../plan/identity.ts";
import { reportExperiment } from "../report/experiment_report.ts";
import type { Storage } from "../storage/storage.ts";
import { decode } from "../values/tagged.ts";
import { emptyStorage, importPath } from "./testing/exported.ts";

/** A line as `dotevals/storage/json.py` of the Python dotevals 0.26 writes it. */
function result(item: number, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    item_id: item,
    prompt: `Q${item}`,
    scores: [{ name: "exact_match", value: item % 2 === 0, metrics: ["accuracy"], metadata: {} }],
    model_response: `A${item}`,
    dataset_row: { question: `Q${item}`, answer: item },
    error: null,
    timestamp: 1_700_000_000.5 + item,
    dataset_name: null,
    dataset_class: null,
    ...more,
  });
}

const FAILED = { scores: [], error: "ConnectionError: no route: at all", model_response: null };

function header(name: string, status = "completed"): string {
  return JSON.stringify({
    evaluation_name: name,
    metadata: { git_commit: "abc123" },
    started_at: 1_700_000_000.1,
    status,
    completed_at: null,
  });
}

/** A folder with these files, each with the blank lines that the original leaves. */
async function folderOf(files: Readonly<Record<string, readonly string[]>>) {
  const outer = await Deno.makeTempDir();
  const path = join(outer, "history");
  await Deno.mkdir(path);
  for (const [name, lines] of Object.entries(files)) {
    const [first, ...rest] = lines;
    await Deno.writeTextFile(join(path, name), `${first}\n\n${rest.join("\n")}`);
  }
  return { path, [Symbol.asyncDispose]: () => Deno.remove(outer, { recursive: true }) };
}

async function records(storage: Storage, experiment: string, evaluation: string) {
  const all = await storage.evaluations(experiment);
  const found = all.find(({ name }) => name === evaluation);
  if (found === undefined) throw new TypeError(`There is no ${evaluation}.`);
  return { found, records: await Array.fromAsync(storage.records(found.id)) };
}

Deno.test("an experiment of the Python dotevals comes with rows, texts, scores, errors and metrics", async () => {
  await using storage = await emptyStorage();
  await using folder = await folderOf({
    // A name with "/" has "@" in the file's.
    "eval_sums[org@model].jsonl": [
      header("eval_sums[org/model]"),
      result(0),
      result(1),
      result(2, FAILED),
    ],
    "eval_other.jsonl": [header("eval_other", "running"), result(0, { dataset_name: "gsm8k" })],
  });
  const outcome = await importPath(storage, folder.path);
  assertEquals(outcome, { evaluations: 2, results: 4, notices: [] });
  const report = await reportExperiment(storage, "history", { evaluation: "eval_sums[org/model]" });
  const [{ metrics = [], stored } = {}] = report.evaluations;
  assertEquals(metrics.map(({ score, metric }) => [score, metric]), [["exact_match", "accuracy"]]);
  assertEquals(metrics[0]?.value, 1 / 3);
  assertEquals([stored?.status, stored?.items, stored?.errors], ["complete", 3, 1]);
  assertEquals(decode(stored?.metadata ?? ""), { git_commit: "abc123" });
  const [first, , third] = (await records(storage, "history", "eval_sums[org/model]")).records;
  assertEquals(first?.row, '{"question":"Q0","answer":0}');
  assertEquals([first?.prompt, first?.response], ['"Q0"', '"A0"']);
  assertEquals(first?.startedAt, 1_700_000_000_500);
  // A run in TypeScript over the same rows knows them again.
  assertEquals(first?.key, itemKey({ question: "Q0", answer: 0 }));
  assertEquals(third?.error, {
    name: "ConnectionError",
    message: "no route: at all",
    stack: undefined,
  });
  const other = await records(storage, "history", "eval_other");
  assertEquals(other.found.status, "incomplete");
  assertEquals(other.records[0]?.metadata, '{"dataset_name":"gsm8k"}');
});

Deno.test("what the Python dotevals got wrong does not keep its history from being imported", async () => {
  await using storage = await emptyStorage();
  const number = { name: "n", metrics: ["mean", "within"], metadata: { tolerance: 0.1 } };
  await using folder = await folderOf({
    "eval_a.jsonl": [
      header("eval_a"),
      // The same row twice in the dataset, and a resume that ran item 1 again.
      result(0, { dataset_row: { q: "same" } }),
      result(1, { ...FAILED, dataset_row: { q: "same" } }),
      result(1, { dataset_row: { q: "same" } }),
      result(1, { dataset_row: { q: "same" }, model_response: "again" }),
      // NaN is no JSON, but Python's.
      result(2, { scores: [{ ...number, value: "@" }], prompt: "NaN: Infinity" })
        .replace('"@"', "NaN"),
      result(3, { scores: [{ ...number, value: [1, 2] }] }),
      // The last line is torn off.
      result(4).slice(0, 40),
    ],
  });
  const { notices, results } = await importPath(storage, folder.path, { name: "a" });
  assertEquals(results, 4);
  assertEquals(notices.map((text) => text.replace(/^.*history\//, "")), [
    "eval_a.jsonl, line 9, is torn off, as by a crash, and left out.",
    'eval_a.jsonl: the metric "within" is not one of dotevals, and left out.',
    "2 of 6 results are of an item with another one: that without an error is kept.",
  ]);
  const { found, records: all } = await records(storage, "a", "eval_a");
  assertEquals([found.items, found.completed, found.errors], [4, 4, 0]);
  const first = itemKey({ q: "same" });
  assertEquals(all.slice(0, 2).map(({ key }) => key), [first, nextKey(first, 1)]);
  assertEquals(all[1]?.response, '"A1"');
  assertEquals(all[2]?.prompt, '"NaN: Infinity"');
  assertEquals(all[2]?.scores, [{ name: "n", value: NaN, metadata: '{"tolerance":0.1}' }]);
  assertEquals(all[3]?.scores[0]?.value, "[1,2]");
});

Deno.test("files of older versions, which nest their results and know tuples, are read too", async () => {
  await using storage = await emptyStorage();
  const old = JSON.stringify({
    item_id: 0,
    result: { prompt: "Q", scores: [{ name: "s", value: 1, metrics: [], metadata: {} }] },
    dataset_row: { pair: { __type__: "tuple", data: [1, 2] } },
    error: null,
    timestamp: 0,
  });
  await using folder = await folderOf({ "old.jsonl": [header("old"), old] });
  await importPath(storage, join(folder.path, "old.jsonl"));
  const { records: [record] } = await records(storage, "old", "old");
  assertEquals([record?.row, record?.prompt], ['{"pair":[1,2]}', '"Q"']);
  assertEquals(record?.scores[0]?.value, 1);
});

Deno.test("a line in the middle that is no JSON is an error that names it, and nothing is imported", async () => {
  await using storage = await emptyStorage();
  await using folder = await folderOf({
    "eval_a.jsonl": [header("eval_a"), result(0), "{ torn", result(1)],
  });
  const error = await assertRejects(() => importPath(storage, folder.path), DotevalsError);
  assertStringIncludes(error.message, "eval_a.jsonl, line 4: it is no JSON");
  assertEquals(await storage.experiments(), []);
});
