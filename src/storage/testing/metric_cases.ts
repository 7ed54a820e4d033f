/**
 * Cases about the metrics that are stored with an evaluation.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { MetricDefinition } from "../stored_metric.ts";
import type { StorageCase } from "./storage_case.ts";
import { keyOf, now, record, start } from "./samples.ts";

const ACCURACY: MetricDefinition = { score: "exactMatch", metric: "accuracy", parameters: {} };

const NESTED: MetricDefinition = {
  score: "exactMatch",
  metric: "f1",
  parameters: { beta: 0.5, labels: ["a", null, { deep: true }], threshold: Infinity },
};

/** What a storage must do with metrics. */
export const metricCases: readonly StorageCase[] = [
  {
    name: "keeps metrics with their parameters, each once, in the order of their first use",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      assertEquals(await storage.metrics(evaluation.id), []);
      const define = (...metrics: readonly MetricDefinition[]) =>
        session.commit([], [{ evaluation: evaluation.id, metrics }]);
      await define(NESTED, ACCURACY);
      const other = { ...ACCURACY, parameters: { strict: true, at: 1 } };
      const same = { ...ACCURACY, parameters: { at: 1, strict: true } };
      await define(ACCURACY, other, same);
      await define();
      assertEquals(
        await storage.metrics(evaluation.id),
        [NESTED, ACCURACY, other].map((metric) => ({ ...metric, computed: undefined })),
      );
    },
  },
  {
    name: "keeps values of metrics with the results and the revision that they cover",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const records = [record(evaluation, 0), record(evaluation, 1), record(evaluation, 2)];
      await session.commit(records, [{ evaluation: evaluation.id, metrics: [ACCURACY] }]);
      await session.mark(evaluation.id, [{ key: keyOf(2), repeat: 0 }], true);
      const { revision } = await now(storage);
      const details = { low: 0.1, groups: { a: [1, NaN] } };
      await session.storeMetrics(evaluation.id, [
        { ...NESTED, value: 0.1 + 0.2, details },
        { ...ACCURACY, value: null },
      ]);
      await session.commit([record(evaluation, 3)]);
      assertEquals(await storage.metrics(evaluation.id), [
        { ...ACCURACY, computed: { value: null, results: 2, revision } },
        { ...NESTED, computed: { value: 0.1 + 0.2, details, results: 2, revision } },
      ]);
      assertEquals((await now(storage)).revision, revision + 1);
    },
  },
  {
    name: "replaces values of metrics, also by values that are no finite numbers",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.storeMetrics(evaluation.id, [{ ...ACCURACY, value: 1, details: "old" }]);
      for (const value of [NaN, -Infinity, -0, 1e-320, 12]) {
        await session.storeMetrics(evaluation.id, [{ ...ACCURACY, value }]);
        const [stored] = await storage.metrics(evaluation.id);
        assertEquals(stored?.computed, { value, results: 0, revision: 0 });
      }
    },
  },
];
