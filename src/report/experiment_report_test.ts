import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { wilsonInterval } from "../stats/wilson_interval.ts";
import { reportExperiment } from "./experiment_report.ts";
import { demoStorage, fill } from "./testing/filled_storage.ts";

Deno.test("reportExperiment() computes metrics from sums, and takes others as they were stored", async () => {
  await using storage = await demoStorage();
  const { evaluations } = await reportExperiment(storage, "demo");
  assertEquals(evaluations.map(({ variant }) => variant), [
    { model: "echo:" },
    { model: "openai:gpt-4o-mini", style: "terse" },
    {},
  ]);
  assertEquals(evaluations[0]?.metrics, [
    {
      score: "exactMatch",
      metric: "accuracy",
      value: 0.4,
      details: undefined,
      interval: wilsonInterval(2, 5, 0.95),
      asOf: undefined,
    },
  ]);
  assertEquals(evaluations[2]?.metrics, [
    {
      score: "f1",
      metric: "median",
      value: 0.5,
      details: { interval: [0, 1] },
      interval: undefined,
      asOf: { results: 2, of: 3 },
    },
    ...["within(error=0.1)", "within(error=0.2)"].map((metric) => ({
      score: "f1",
      metric,
      value: null,
      details: undefined,
      interval: undefined,
      asOf: undefined,
    })),
  ]);
});

Deno.test("reportExperiment() counts items of an evaluation in which all failed as wrong", async () => {
  await using storage = await demoStorage();
  await fill(storage, "failed", [{
    name: "e",
    records: [{ error: { name: "Error", message: "no", stack: undefined } }],
    metrics: [{ score: "exactMatch", metric: "accuracy", parameters: {} }],
  }]);
  const { evaluations } = await reportExperiment(storage, "failed");
  assertEquals(evaluations[0]?.metrics[0]?.value, 0);
});

Deno.test("reportExperiment() shows a stored value that covers all results without further ado", async () => {
  await using storage = await demoStorage();
  await fill(storage, "fresh", [{
    name: "e",
    records: [{}],
    metrics: [{ score: "s", metric: "median", parameters: {} }],
    also: (session, id) =>
      session.storeMetrics(id, [{ score: "s", metric: "median", parameters: {}, value: 3 }]),
  }]);
  const { evaluations } = await reportExperiment(storage, "fresh");
  const [metric] = evaluations[0]?.metrics ?? [];
  assertEquals([metric?.value, metric?.asOf], [3, undefined]);
});

Deno.test("reportExperiment() takes one evaluation in all its variants, and suggests the nearest name", async () => {
  await using storage = await demoStorage();
  const { evaluations } = await reportExperiment(storage, "demo", { evaluation: "arithmetic" });
  assertEquals(evaluations.length, 2);
  const error = await assertRejects(
    () => reportExperiment(storage, "demo", { evaluation: "arithmetics" }),
    DotevalsError,
    'no evaluation named "arithmetics"',
  );
  assertStringIncludes(error.hint ?? "", '"arithmetic"');
});
