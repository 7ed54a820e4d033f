import { assertEquals, assertStringIncludes } from "@std/assert";
import * as v from "valibot";
import { jsonMatch, type JsonMatchOptions } from "./json_match.ts";
import { type CalledTool, type ExpectedCall, toolCallMatch } from "./tool_call_match.ts";
import { validJson } from "./valid_json.ts";

const CITY = {
  type: "object",
  required: ["city"],
  additionalProperties: false,
  properties: { city: { type: "string" }, people: { type: "integer", minimum: 0 } },
};

Deno.test("validJson() says whether a text is JSON, as it is or in a block", async () => {
  assertEquals((await validJson(" [1, null] ")).value, true);
  for (const text of ["", "{", "{a: 1}", "[1,]", "NaN"]) {
    const { value, metadata } = await validJson(text);
    assertEquals([text, value, Array.isArray(metadata.issues)], [text, false, true]);
  }
  const block = "Sure:\n```json\n{}\n```";
  assertEquals((await validJson(block)).value, false);
  const made = await validJson(block, { fenced: true, name: "json" });
  assertEquals([made.name, made.value, made.metadata], ["json", true, { actual: block }]);
});

Deno.test("validJson() checks a JSON Schema, and tells all that is wrong", async () => {
  const issues = async (text: string, schema: object = CITY) =>
    (await validJson(text, { schema: { ...schema } })).metadata.issues;
  assertEquals(await issues('{"city": "Oslo", "people": 700000}'), undefined);
  assertEquals(await issues('{"people": -1.5, "x": 1}'), [
    "the value must have required property 'city'",
    "the value must NOT have additional properties",
    "/people must be integer",
    "/people must be >= 0",
  ]);
  // Draft 2020-12 knows prefixItems; draft 7 has an array of items in its place.
  assertEquals(await issues("[1]", { prefixItems: [{ type: "string" }] }), ["/0 must be string"]);
  const old = { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }] };
  assertEquals(await issues("[1]", old), ["/0 must be string"]);
  assertEquals((await validJson("1", { schema: false })).value, false);
  const wrong = await validJson("1", { schema: { type: "text" } });
  assertStringIncludes(String(wrong.error), "type must be");
});

Deno.test("validJson() takes a standard schema of another library", async () => {
  const schema = v.object({ city: v.string(), at: v.object({ lat: v.number() }) });
  assertEquals((await validJson('{"city": "Oslo", "at": {"lat": 60}}', { schema })).value, true);
  const { value, metadata } = await validJson('{"city": "Oslo", "at": {"lat": "N"}}', { schema });
  assertEquals([value, metadata.issues], [false, [
    'at.lat: Invalid type: Expected number but received "N"',
  ]]);
});

Deno.test("jsonMatch() gives credit field by field", async () => {
  const cases:
    readonly (readonly [unknown, unknown, number, readonly string[], JsonMatchOptions?])[] = [
      ['{"a": 1, "b": [1, 2]}', { a: 1, b: [1, 2] }, 1, []],
      [{ a: 1, b: [1, 3] }, { a: 1, b: [1, 2] }, 2 / 3, ["b.1"]],
      [{ a: 1 }, { a: 1, b: { c: 1, d: 2 } }, 1 / 3, ["b.c", "b.d"]],
      [{ a: 1, x: 0 }, { a: 1 }, 1 / 2, ["x"]],
      [{ a: 1, x: 0 }, { a: 1 }, 1, [], { extraIsWrong: false }],
      [[3, 1, 2], [1, 2, 3], 1, [], { anyOrder: true }],
      [[{ n: 1, t: "b" }, { n: 2, t: "a" }], [{ n: 2, t: "a" }, { n: 1, t: "c" }], 3 / 4, ["1.t"], {
        anyOrder: true,
      }],
      [[1, 1, 9], [1, 1], 2 / 3, ["2"], { anyOrder: true }],
      [{ a: " Paris" }, { a: "paris" }, 1, [], { trim: true, ignoreCase: true }],
      [{ a: "1" }, { a: 1 }, 0, ["a"]],
      [{ a: {} }, { a: {} }, 1, []],
      [{ a: { b: 1 } }, { a: {} }, 0, ["a"]],
      [{ a: [1] }, { a: { 0: 1 } }, 0, ["a.0"]],
      ["7", 7, 1, []],
      ["null", { a: 1, b: 2 }, 0, ["a", "b"]],
    ];
  for (const [actual, expected, value, wrong, options] of cases) {
    const made = await jsonMatch(actual, expected, options);
    assertEquals([actual, made.value, made.metadata.wrong], [actual, value, wrong]);
  }
});

Deno.test("jsonMatch() gives nothing to what is no JSON, or not as the schema says", async () => {
  assertEquals((await jsonMatch("{", { a: 1 })).value, 0);
  const schema = { ...CITY };
  const made = await jsonMatch('{"city": 1}', { city: "Oslo" }, { schema });
  assertEquals([made.value, made.metadata.issues], [0, ["/city must be string"]]);
  assertEquals((await jsonMatch({ city: "Oslo" }, { city: "Oslo" }, { schema })).value, 1);
  assertEquals((await jsonMatch("~~~\n[1]\n~~~", [1], { fenced: true })).value, 1);
});

function problems(
  actual: readonly CalledTool[],
  expected: readonly ExpectedCall[],
  ordered = false,
): unknown {
  const { value, metadata } = toolCallMatch(actual, expected, { ordered });
  assertEquals(value, metadata.problems === undefined);
  return metadata.problems;
}

Deno.test("toolCallMatch() compares names, and required and optional arguments, and types", () => {
  const call = (args: unknown, name = "f") => [{ id: "1", name, arguments: args }];
  const wanted: ExpectedCall = {
    name: "f",
    arguments: { city: "Rome", days: 2 },
    anyOf: { unit: ["C", "celsius"] },
    types: { note: "string", ids: "array" },
    optional: ["unit", "note"],
  };
  const right = { city: "Rome", days: 2, ids: [] };
  assertEquals(problems(call(right), [wanted]), undefined);
  assertEquals(problems(call({ ...right, unit: "celsius", note: "" }), [wanted]), undefined);
  assertEquals(problems(call({ ...right, unit: "F" }), [wanted]), ["f: unit is wrong"]);
  assertEquals(problems(call({ ...right, days: "2" }), [wanted]), ["f: days is wrong"]);
  assertEquals(problems(call({ ...right, note: 1 }), [wanted]), ["f: note is wrong"]);
  assertEquals(problems(call({ ...right, x: 1 }), [wanted]), ["f: x is not expected"]);
  assertEquals(problems(call({ city: "Rome", ids: {} }), [wanted]), [
    "f: days is missing",
    "f: ids is wrong",
  ]);
  assertEquals(problems(call(right, "g"), [wanted]), ["f expected, and g called"]);
  assertEquals(problems(call('{"a":'), [wanted]), ["f: the arguments are no object"]);
  assertEquals(problems(call(undefined), [{ name: "f" }]), undefined);
  assertEquals(problems(call({ constructor: 1 }), [{ name: "f" }]), [
    "f: constructor is not expected",
  ]);
});

Deno.test("toolCallMatch() takes parallel calls as a set, and finds the one way in which they fit", () => {
  const calls = [1, 2, 3].map((n) => ({ name: "f", arguments: { n } }));
  const loose: ExpectedCall = { name: "f", types: { n: "integer" } };
  const some: ExpectedCall = { name: "f", anyOf: { n: [1, 2] } };
  const one: ExpectedCall = { name: "f", arguments: { n: 1 } };
  for (const expected of [[loose, some, one], [one, some, loose], [some, loose, one]]) {
    assertEquals(problems(calls, expected), undefined);
  }
  assertEquals(problems(calls, [one, loose, one]), ["f: n is wrong"]);
  assertEquals(problems(calls, [some, one, loose], true), ["f: n is wrong"]);
  assertEquals(problems(calls, [one, some, loose], true), undefined);
  assertEquals(problems([], []), undefined);
  assertEquals(problems(calls, [one]), ["3 calls, and 1 expected"]);
  assertEquals(problems([], [one]), ["0 calls, and 1 expected"]);
});
