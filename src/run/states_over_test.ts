import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { systemClock } from "../clock.ts";
import type { Metric, MetricParameter, MetricState } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { atLeast } from "../metrics/at_least.ts";
import { bestOf } from "../metrics/best_of.ts";
import { BUILT_IN_NAMES, builtinMetric } from "../metrics/builtin.ts";
import { groupBy } from "../metrics/group_by.ts";
import { majority } from "../metrics/majority.ts";
import { meanOf } from "../metrics/mean_of.ts";
import { passAtK } from "../metrics/pass_at_k.ts";
import { quantile } from "../metrics/quantile.ts";
import { standardError } from "../metrics/standard_error.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { stepsOf } from "../metrics/steps_of.ts";
import { openStorage } from "../storage/open.ts";
import type { Storage } from "../storage/storage.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import { definition, HOLDER, keyOf, record } from "../storage/testing/samples.ts";
import { encode } from "../values/tagged.ts";
import { Pauses } from "./pauses.ts";
import { type StateOver, statesOver } from "./states_over.ts";

/** Every built-in metric, those with parameters in several forms. */
const METRICS: readonly Metric[] = [
  ...BUILT_IN_NAMES.flatMap((name) => builtinMetric(name, {}) ?? []),
  ...["precision", "recall", "f1"].flatMap((name) =>
    [{ average: "binary", positive: true }, { average: "micro" }, { average: "macro" }].flatMap(
      (parameters) => builtinMetric(name, parameters) ?? [],
    )
  ),
  ...["pearson", "spearman"].flatMap((method) =>
    builtinMetric("correlation", { of: ["predicted", "expected"], method }) ?? []
  ),
  ...[builtinMetric("confidenceInterval", { level: 0.9, resamples: 40, seed: 1 })].flatMap(
    (metric) => metric ?? [],
  ),
  ...[builtinMetric("calibrationError", { bins: 4 })].flatMap((metric) => metric ?? []),
  quantile(0.3),
  passAtK(1),
  passAtK(2),
  standardError({ cluster: "item" }),
  standardError({ cluster: { column: "group" } }),
  groupBy(accuracy(), "group"),
  groupBy(meanOf(standardError()), "group"),
  meanOf(accuracy()),
  bestOf(accuracy()),
  majority(groupBy(accuracy(), "group")),
  atLeast(2, accuracy()),
];

interface Outcome {
  readonly row: number;
  readonly repeat: number;
  /** `undefined`: it ended with an error. */
  readonly value: ScoreValue | undefined;
}

const label = fc.oneof(fc.boolean(), fc.constantFrom("a", "b", 1));
const scores = fc.oneof(
  fc.boolean(),
  fc.integer({ min: -50, max: 50 }),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  fc.string(),
  fc.record({ predicted: label, expected: label }),
  fc.record({ predicted: fc.integer({ max: 9 }), expected: fc.integer({ max: 9 }) }),
  fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), correct: fc.boolean() }),
);
const outcomes = fc.uniqueArray(
  fc.record<Outcome>({
    row: fc.nat(12),
    repeat: fc.nat(2),
    value: fc.option(scores, { nil: undefined, freq: 8 }),
  }),
  { selector: ({ row, repeat }) => `${row} ${repeat}`, maxLength: 40 },
);

Deno.test("a metric is the same in any order of its scores", () => {
  fc.assert(fc.property(outcomes, fc.nat(), (given, seed) => {
    const mixed = shuffled(given, seed);
    for (const metric of METRICS) assertNear(overArray(metric, mixed), overArray(metric, given));
  }));
});

Deno.test("a metric over a file, written in any order, in chunks, by several shards and sessions, is that over the whole array", async () => {
  const parts = fc.record({
    given: outcomes,
    seed: fc.nat(),
    chunk: fc.integer({ min: 1, max: 12 }),
    shards: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(parts, async ({ given, seed, chunk, shards }) => {
      const folder = await Deno.makeTempDir();
      try {
        const location = `file:${folder}/metrics.db`;
        const mixed = shuffled(given, seed);
        for (let start = 0; start === 0 || start < mixed.length; start += chunk) {
          await using storage = await openStorage(location, { mode: "write" });
          const shard = { index: 1 + (start / chunk) % shards, count: shards };
          await commit(storage, shard, mixed.slice(start, start + chunk));
        }
        await using storage = await openStorage(location, { mode: "write" });
        await assertStoredNear(storage, given);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }),
    { numRuns: 12 },
  );
});

Deno.test("a built-in metric is made again from its stored name and parameters", () => {
  const heads = new Set(METRICS.map(({ name }) => name.replace(/\(.*/s, "")));
  assertEquals([...heads].sort(), [...BUILT_IN_NAMES].sort());
  for (const metric of METRICS) {
    const { name, parameters } = metric;
    const stored = JSON.parse(JSON.stringify(parameters));
    assertEquals(builtinMetric(name, stored)?.parameters, parameters, name);
    assertEquals(builtinMetric(name, { ...stored, since: 2 }), undefined, name);
  }
});

function overArray(metric: Metric, given: readonly Outcome[]): unknown {
  const state: MetricState = metric.start();
  let errors = 0;
  for (const { row, repeat, value } of given) {
    const item = { key: keyOf(row), repeat, row: rowOf(row) };
    if (value !== undefined) state.add(value, item);
    else {
      state.addError?.(item);
      errors++;
    }
  }
  return state.result(errors);
}

async function assertStoredNear(storage: Storage, given: readonly Outcome[]): Promise<void> {
  const [evaluation] = await storage.evaluations("trial");
  assert(evaluation);
  const sums = (await storage.aggregates(evaluation.id)).get("x");
  const pauses = new Pauses(systemClock);
  const scores = { evaluation: evaluation.id, score: "x", pauses };
  const alone: StateOver[] = [];
  for (const metric of METRICS) alone.push(...await statesOver([metric], storage, scores));
  const together = await statesOver(METRICS, storage, scores);
  for (const [place, metric] of METRICS.entries()) {
    const expected = overArray(metric, given);
    for (const found of [alone[place], together[place]]) {
      assert(found && "state" in found);
      const value = await pauses.within(stepsOf(found.state, evaluation.errors));
      assertNear(value, expected);
    }
    if (sums && metric.fromAggregate) assertNear(metric.fromAggregate(sums), expected);
  }
}

async function commit(
  storage: Storage,
  shard: { readonly index: number; readonly count: number },
  chunk: readonly Outcome[],
): Promise<void> {
  await using session = await storage.begin("trial", HOLDER, { shard });
  const evaluation = await session.evaluation(definition());
  await session.commit(
    chunk.map(({ row, repeat, value }): ItemRecordDraft =>
      record(evaluation, row, {
        repeat,
        row: encode(rowOf(row)),
        ...value === undefined
          ? { scores: [], error: { name: "Error", message: "down", stack: undefined } }
          : { scores: [{ name: "x", value, metadata: undefined }] },
      })
    ),
  );
}

function rowOf(n: number): Readonly<Record<string, MetricParameter>> {
  return n % 4 === 3 ? { n } : { n, group: ["law", 2, null][n % 4] ?? null };
}

/** In an order that depends on the seed. */
function shuffled<Value>(values: readonly Value[], seed: number): readonly Value[] {
  const place = (index: number) => Math.imul(index + 1, 2_654_435_761 ^ seed) >>> 0;
  return values
    .map((value, index) => ({ value, place: place(index) }))
    .sort((one, other) => one.place - other.place)
    .map(({ value }) => value);
}

/** The same, but for rounding. */
function assertNear(actual: unknown, expected: unknown): void {
  if (typeof actual === "number" && typeof expected === "number") {
    return assertAlmostEquals(actual, expected, 1e-9 * Math.max(1, Math.abs(expected)));
  }
  if (typeof actual !== "object" || typeof expected !== "object" || !actual || !expected) {
    return assertEquals(actual, expected);
  }
  assertEquals(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, part] of Object.entries(actual)) assertNear(part, Reflect.get(expected, name));
}
