import { assertEquals, assertThrows } from "@std/assert";
import { foreach } from "../evaluation/foreach.ts";
import { score } from "../evaluation/score.ts";
import { model } from "../providers/model_spec.ts";
import { variantsOf } from "./variants.ts";

const one = () => score("one", 1);

Deno.test("variantsOf() gives one variant without bindings where nothing varies", () => {
  const [only, second] = variantsOf(foreach("n", [1], one));
  assertEquals([only?.bindings, only?.encoded, only?.model, second], [
    {},
    "{}",
    undefined,
    undefined,
  ]);
});

Deno.test("variantsOf() combines parameters with each other and with models", () => {
  const evaluation = foreach("n", [1], {
    model: ["echo:", model("echo:", { name: "second" })],
    params: { b: [1, 2], a: ["x"] },
  }, one);
  assertEquals(variantsOf(evaluation).map(({ encoded }) => encoded), [
    '{"a":"x","b":1,"model":"echo:"}',
    '{"a":"x","b":2,"model":"echo:"}',
    '{"a":"x","b":1,"model":"second"}',
    '{"a":"x","b":2,"model":"second"}',
  ]);
});

Deno.test("variantsOf() takes the command's models in place of the evaluation's", () => {
  const evaluation = foreach("n", [1], { model: "echo:" }, one);
  assertEquals(variantsOf(evaluation, [model("openai:x")]).map(({ bindings }) => bindings), [
    { model: "openai:x" },
  ]);
});

Deno.test("variantsOf() takes a list of bindings as it is", () => {
  const evaluation = foreach("n", [1], { params: [{ a: 1 }, { b: new Date(0) }] }, one);
  assertEquals(variantsOf(evaluation).map(({ params }) => params), [{ a: 1 }, { b: new Date(0) }]);
});

Deno.test("variantsOf() refuses a parameter without values", () => {
  const evaluation = foreach("n", [1], { params: { a: [] } }, one);
  assertThrows(() => variantsOf(evaluation), TypeError, 'The parameter "a"');
});
