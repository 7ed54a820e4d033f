import { assertEquals, assertThrows } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { foreach } from "../evaluation/foreach.ts";
import { score } from "../evaluation/score.ts";
import type { NamedEvaluation } from "../plan/discover.ts";
import { selectByName } from "./select.ts";

const evaluation = foreach("n", [1], () => score("one", 1));
const all: readonly NamedEvaluation[] = ["sums", "sums (long)", "products"]
  .map((name) => ({ evaluation, name, file: undefined }));

function selected(filter: string | undefined): readonly string[] {
  return selectByName(all, filter).map(({ name }) => name);
}

Deno.test("selectByName() takes the evaluation of that name before all that match", () => {
  assertEquals(selected("sums"), ["sums"]);
  assertEquals(selected("sums (long)"), ["sums (long)"]);
});

Deno.test("selectByName() takes all that a regular expression matches, and all without a filter", () => {
  assertEquals(selected("^s"), ["sums", "sums (long)"]);
  assertEquals(selected("o"), ["sums (long)", "products"]);
  assertEquals(selected(undefined).length, 3);
});

Deno.test("selectByName() says what was meant, or what is wrong with the pattern", () => {
  const none = assertThrows(() => selected("smus"), DotevalsError, "--filter smus");
  assertEquals([none.code, none.hint], ["nothing-found", 'Did you mean "sums"?']);
  const broken = assertThrows(() => selected("(["), DotevalsError, "is no regular expression");
  assertEquals([broken.code, broken.exitCode], ["invalid-value", 2]);
});
