/**
 * What it takes to compare two experiments: the real command, from its start to its end, and its memory.
 *
 *     deno run -A bench/compare.ts [ROWS]
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { hash } from "node:crypto";
import { openStorage } from "../src/storage/open.ts";
import type { Storage } from "../src/storage/storage.ts";
import type { StoredEvaluation } from "../src/storage/stored_evaluation.ts";
import type { ItemKey, ItemRecordDraft } from "../src/storage/stored_record.ts";
import { figure, median } from "./_figures.ts";
import { measured } from "./_measured.ts";
import { TIMES } from "./_stored_results.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const COMMIT = 1_000;
const TEXT = "lorem ipsum dolor sit amet ".repeat(4);
const HOLDER = { host: "bench", pid: Deno.pid, version: "0", denoVersion: Deno.version.deno };

/** What rows are scored. */
type Scores = "a boolean" | "a boolean and a number";

/** The nth row's result; its score depends on the row and on the experiment. */
function result(
  evaluation: StoredEvaluation,
  n: number,
  scores: Scores,
  luck: number,
): ItemRecordDraft {
  const key = hash("sha256", String(n), "hex").slice(0, 32) as ItemKey;
  const chance = (parseInt(key.slice(0, 8), 16) ^ (n * luck)) >>> 0;
  return {
    evaluation: evaluation.id,
    key,
    repeat: 0,
    position: n,
    row: JSON.stringify({ text: `${n} ${TEXT}` }),
    prompt: undefined,
    response: JSON.stringify(TEXT),
    error: undefined,
    metadata: undefined,
    attempts: 1,
    startedAt: 0,
    durationMs: 1,
    scores: [
      { name: "exactMatch", value: chance % 10 < 5 + luck, metadata: undefined },
      ...scores === "a boolean" ? [] : [
        { name: "f1", value: chance % 1000 / 1000, metadata: undefined },
      ],
    ],
    calls: [],
  };
}

async function fill(
  storage: Storage,
  experiment: string,
  { rows, scores, luck }: { readonly rows: number; readonly scores: Scores; readonly luck: number },
): Promise<void> {
  await using session = await storage.begin(experiment, HOLDER);
  const evaluation = await session.evaluation({
    name: "bench",
    variant: "{}",
    fingerprint: { code: "", model: "", major: "0", version: "" },
    metadata: undefined,
    tags: [],
  });
  for (let at = 0; at < rows; at += COMMIT) {
    const size = Math.min(COMMIT, rows - at);
    await session.commit(
      Array.from({ length: size }, (_, n) => result(evaluation, at + n, scores, luck)),
    );
  }
  await session.finish(evaluation.id, "complete", rows);
}

async function compare(rows: number, scores: Scores): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals" });
  const location = `file:${folder}/bench.db`;
  await using storage = await openStorage(location, { mode: "write" });
  await fill(storage, "before", { rows, scores, luck: 0 });
  await fill(storage, "after", { rows, scores, luck: 1 });
  const args = ["run", "-A", `${ROOT}cli.ts`, "compare", "before", "after", "--storage", location];
  const took = [];
  for (let time = 0; time < TIMES; time++) took.push(await measured(args, { cwd: ROOT }));
  const name = `${rows.toLocaleString("en")} rows with ${scores}`;
  figure(`compare two experiments of ${name}`, median(took.map(({ seconds }) => seconds)), "s");
  figure(`the same, processor time`, median(took.map(({ cpuSeconds }) => cpuSeconds)), "s");
  figure(`the same, memory`, median(took.map(({ peakBytes }) => peakBytes / 2 ** 20)), "MB");
  await Deno.remove(folder, { recursive: true });
}

const rows = Number(Deno.args[0] ?? 1_000_000);
await compare(rows / 10, "a boolean");
await compare(rows, "a boolean");
await compare(rows, "a boolean and a number");
