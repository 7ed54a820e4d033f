import { assertEquals, assertThrows } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { parseModels } from "./options.ts";

function parsed(models: string[], options: string[] = []) {
  return parseModels({ models, options }).map(({ name, spec, options }) => ({
    name,
    spec,
    options,
  }));
}

function refused(models: string[], options: string[], message: string) {
  const error = assertThrows(() => parseModels({ models, options }), DotevalsError, message);
  assertEquals(error.exitCode, 2);
  return error;
}

Deno.test("parseModels() takes SPEC and NAME=SPEC, in order", () => {
  assertEquals(parsed(["openai:gpt-4o", "local=openai:ft:x=y", "./p=q.ts#m"]), [
    { name: "openai:gpt-4o", spec: "openai:gpt-4o", options: {} },
    { name: "local", spec: "openai:ft:x=y", options: {} },
    { name: "./p=q.ts#m", spec: "./p=q.ts#m", options: {} },
  ]);
});

Deno.test("parseModels() reads values that are JSON as that and others as text", () => {
  const [model] = parsed(["m=echo:"], [
    "m.a=1.5",
    "m.b=true",
    'm.c={"x":[1]}',
    "m.d=http://h/?q=1",
    'm.e="5"',
    "m.f=12345678901234567890",
    "m.g=",
    "m.body.top_k=20",
    "m.body.deep.er=x",
  ]);
  assertEquals(model?.options, {
    a: 1.5,
    b: true,
    c: { x: [1] },
    d: "http://h/?q=1",
    e: "5",
    f: "12345678901234567890",
    g: "",
    body: { top_k: 20, deep: { er: "x" } },
  });
});

Deno.test("parseModels() gives an option to the model with the longest fitting name", () => {
  const models = parsed(["gpt-4=echo:a", "gpt-4.1=echo:b", "openai:gpt-4.1"], [
    "gpt-4.1.seed=1",
    "openai:gpt-4.1.seed=2",
    "gpt-4.seed=3",
  ]);
  assertEquals(models.map((model) => model.options), [{ seed: 3 }, { seed: 1 }, { seed: 2 }]);
});

Deno.test("parseModels() says what is wrong and what to do", () => {
  refused(["a=echo:", "a=openai:x"], [], 'Two models are named "a"');
  refused([], ["a.seed=1"], "for a model that is not given");
  assertEquals(
    refused(["local=echo:"], ["lokal.seed=1"], '"lokal", which is no model').hint,
    'Did you mean "local"? The form is NAME.option=VALUE.',
  );
  refused(["a=echo:"], ["a.seed"], "has no value");
  refused(["a=echo:"], ["a..x=1"], "an empty name");
  refused(["a=echo:"], ["a.__proto__.x=1"], "__proto__");
  refused(["a=echo:"], ["a.seed=1", "a.seed=2"], "given twice");
  refused(["a=echo:"], ["a.body=1", "a.body.x=2"], "given twice");
  refused(["a="], [], "names no model");
});
