/**
 * How long the metrics of a million results take at the end of a run: each by itself, and all of them together, as a run
 * computes them; and for how long they hold the event loop.
 *
 *     deno run -A bench/metrics.ts
 *
 * @module
 */
import { createClient } from "@libsql/client/sqlite3";
import { join } from "@std/path/join";
import {
  confidenceInterval,
  groupBy,
  max,
  mean,
  meanOf,
  median,
  type Metric,
  passAtK,
  quantile,
  standardDeviation,
  standardError,
} from "../mod.ts";
import { systemClock } from "../src/clock.ts";
import { stepsOf } from "../src/metrics/steps_of.ts";
import { Pauses } from "../src/run/pauses.ts";
import { statesOver } from "../src/run/states_over.ts";
import type { Storage } from "../src/storage/storage.ts";
import { figure } from "./_figures.ts";
import { prepare } from "./_stored_results.ts";

const ROWS = 1_000_000;

/** Metrics that need values only, and metrics that need items. */
const GROUPS: Readonly<Record<string, readonly Metric[]>> = {
  "values": [median(), quantile(0.9), standardDeviation(), standardError(), max()],
  "items": [
    standardError({ cluster: "item" }),
    meanOf(mean()),
    passAtK(1),
    median(),
    standardDeviation(),
  ],
  "rows": [groupBy(mean(), "group"), groupBy(median(), "group"), standardDeviation()],
  "the bootstrap of 200 draws": [confidenceInterval({ resamples: 200 })],
};

async function fill(path: string, evaluation: number): Promise<void> {
  const client = createClient({ url: `file:${path}`, concurrency: 1 });
  const numbers = `WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c LIMIT ${ROWS})`;
  await client.execute(
    `${numbers} INSERT INTO items (id, evaluation_id, key, repeat, position, attempts, started_at, duration_ms, row)
      SELECT n, ${evaluation}, randomblob(16), 0, n, 1, 0, 1, '{"group":' || (n % 10) || '}' FROM c`,
  );
  await client.execute(
    `${numbers} INSERT INTO scores (item_id, ordinal, name, kind, number)
      SELECT n, 0, 'x', 'number', (n * 7919 % 10007) / 10007.0 FROM c`,
  );
  client.close();
}

async function seconds(storage: Storage, evaluation: number, metrics: readonly Metric[]) {
  const start = performance.now();
  const pauses = new Pauses(systemClock);
  const scores = { evaluation: evaluation as never, score: "x", pauses };
  for (const found of await statesOver(metrics, storage, scores)) {
    if ("error" in found) throw found.error;
    await pauses.within(stepsOf(found.state, 0));
  }
  return (performance.now() - start) / 1000;
}

/** Milliseconds between two turns of the event loop, at most. */
function watchLoop(): { stop(): number } {
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}

const folder = await Deno.makeTempDir({ prefix: "dotevals" });
const path = join(folder, "bench.db");
const { storage, session, evaluation } = await prepare(`file:${path}`);
await session.close();
await fill(path, evaluation);
for (const [name, metrics] of Object.entries(GROUPS)) {
  if (metrics.length > 1) {
    let alone = 0;
    for (const metric of metrics) alone += await seconds(storage, evaluation, [metric]);
    figure(
      `${metrics.length} metrics of 1,000,000 results, of ${name}, each by itself`,
      alone,
      "s",
    );
  }
  const loop = watchLoop();
  const together = await seconds(storage, evaluation, metrics);
  figure(`${metrics.length} metrics of 1,000,000 results, of ${name}, together`, together, "s");
  figure(`the same, longest hold of the event loop`, loop.stop(), "ms");
}
await storage[Symbol.asyncDispose]();
await Deno.remove(folder, { recursive: true });
