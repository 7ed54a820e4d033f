import { assertEquals, assertStringIncludes } from "@std/assert";
import { ExactMatch, JSONDiff, Levenshtein, NumericDiff } from "autoevals";
import { accuracy } from "../metrics/accuracy.ts";
import { fromAutoevals } from "./from_autoevals.ts";

Deno.test("scorers of autoevals are evaluators, with their names and metadata", async () => {
  const made = await fromAutoevals(Levenshtein)({ output: "kitten", expected: "sitten" });
  assertEquals([made.name, made.value], ["Levenshtein", 5 / 6]);
  assertEquals(made.metrics.map(({ name }) => name), ["mean"]);
  const numbers = fromAutoevals(NumericDiff, { name: "near", metrics: [accuracy()] });
  const near = await numbers({ output: 1, expected: 1 }, { name: "nearer" });
  assertEquals([near.name, near.value, near.metrics[0]?.name], ["nearer", 1, "accuracy"]);
  const diff = await fromAutoevals(JSONDiff)({ output: { a: 1 }, expected: { a: 1 } });
  assertEquals(diff.value, 1);
  const exact = await fromAutoevals(ExactMatch)({ output: "a", expected: "b" });
  assertEquals(exact.value, 0);
});

Deno.test("a scorer that throws, gives an error or no score is an error of the score", async () => {
  const thrown = await fromAutoevals(Levenshtein)({ output: "a" });
  assertStringIncludes(String(thrown.error), "requires an expected value");
  const failing = () => ({ name: "failing", score: null, error: new RangeError("down") });
  assertStringIncludes(String((await fromAutoevals(failing)({})).error), "RangeError: down");
  const silent = () => Promise.resolve({ name: "silent", score: null });
  const made = await fromAutoevals(silent)({});
  assertEquals(made.value, { error: 'TypeError: The scorer "silent" gave no score.' });
});
