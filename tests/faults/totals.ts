/**
 * Every place that says how many items there are and what they came to, held against the rows.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { DatabaseSync } from "node:sqlite";
import type { Workplace } from "../cli/command.ts";

/** Asserts that all totals of a place's one experiment, with one evaluation, are those of its rows. */
export async function assertTotals(place: Workplace, experiment: string): Promise<void> {
  const { stdout } = await place.dotevals("show", experiment, "--json", "--full");
  const [evaluation] = JSON.parse(stdout).evaluations;
  const records: readonly Shown[] = evaluation.records;
  const total = records.length;
  const errors = records.filter(({ error }) => error !== null).length;
  const scored = records.filter(({ scores }) => scores.exactMatch !== undefined);
  const right = scored.filter(({ scores }) => scores.exactMatch === true).length;
  const accuracy = right / scored.length;
  assertEquals([evaluation.items, evaluation.completed, evaluation.errors], [total, total, errors]);
  assertAlmostEquals(evaluation.metrics.exactMatch.accuracy, accuracy);

  const calls = records.flatMap(({ calls }) => calls);
  const told: readonly ShownCalls[] = evaluation.calls;
  assertEquals(told.reduce((sum, { calls }) => sum + calls, 0), calls.length);
  const failed = calls.filter(({ error }) => error !== null).length;
  assertEquals(told.reduce((sum, { failed }) => sum + failed, 0), failed);

  const [listed] = JSON.parse((await place.dotevals("list", "--json")).stdout);
  assertEquals([listed.items, listed.completed, listed.errors], [total, total, errors]);

  const table = (await place.dotevals("show", experiment)).stdout;
  const shown = total.toLocaleString("en");
  assertStringIncludes(table, `${shown}/${shown}`);
  assertStringIncludes(table, accuracy.toFixed(3));

  using database = new DatabaseSync(join(place.folder, ".dotevals", "dotevals.db"), {
    readOnly: true,
  });
  assertEquals({ ...database.prepare(ITEMS).get() }, { total, keys: total, errors });
  assertEquals({ ...database.prepare(SCORES).get() }, { scored: scored.length, right });
  assertEquals({ ...database.prepare(CALL_TOTALS).get() }, { ...database.prepare(CALLS).get() });
  // Metrics that sums suffice for are computed when they are shown.
  assertEquals(database.prepare(METRICS).all().map((row) => ({ ...row })), []);
}

interface Shown {
  readonly error: unknown;
  readonly scores: Readonly<Record<string, unknown>>;
  readonly calls: readonly { readonly error: string | null }[];
}

interface ShownCalls {
  readonly calls: number;
  readonly failed: number;
}

const ITEMS = `SELECT count(*) AS total, count(DISTINCT hex(key) || repeat) AS keys,
  count(error_name) AS errors FROM items`;

const SCORES = "SELECT count(*) AS scored, sum(number) AS right FROM scores";

const CALL_TOTALS = `SELECT coalesce(sum(calls), 0) AS calls, coalesce(sum(failed), 0) AS failed,
  coalesce(sum(input_tokens), 0) AS tokens, coalesce(sum(latency_us), 0) AS us FROM call_totals`;

const CALLS = `SELECT count(*) AS calls, count(error) AS failed,
  coalesce(sum(input_tokens), 0) AS tokens,
  coalesce(sum(CAST(round(iif(error IS NULL, latency_ms, 0) * 1000) AS INTEGER)), 0) AS us
  FROM calls`;

const METRICS = `SELECT metric, results FROM score_metrics
  WHERE results <> (SELECT count(*) FROM items)`;
