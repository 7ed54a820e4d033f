import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { accuracy } from "../metrics/accuracy.ts";
import { mean } from "../metrics/mean.ts";
import { evaluator } from "./evaluator.ts";
import { type Score, score } from "./score.ts";

const sameLength = evaluator(function sameLength(actual: string, expected: string) {
  return actual.length === expected.length;
}, { metrics: [accuracy()] });

Deno.test("a score is named as its evaluator's function is", () => {
  const made = sameLength("abc", "xyz");
  assertEquals([made.name, made.value, sameLength.name], ["sameLength", true, "sameLength"]);
  assertEquals(made.metrics.map(({ name }) => name), ["accuracy"]);
});

Deno.test("{ name } renames the score at the call, or the evaluator where it is made", () => {
  assertEquals(sameLength("a", "b", { name: "length" }).name, "length");
  assertEquals(sameLength("a", "b", {}).name, "sameLength");
  const made = evaluator((text: string) => text.length, { name: "length" });
  assertEquals([made("four").name, made.name], ["length", "length"]);
});

Deno.test("an evaluator without a name is a TypeError that says how to name it", () => {
  assertThrows(() => evaluator((text: string) => text === ""), TypeError, "has no name");
  assertThrows(() => sameLength("a", "b", { name: "" }), TypeError, "empty text");
});

Deno.test("an async function makes an evaluator that returns a promise", async () => {
  const judge = evaluator(async function judge(text: string) {
    await Promise.resolve();
    return text.length;
  });
  const made: Promise<Score> = judge("four", { name: "judged" });
  assertEquals([(await made).value, (await made).name], [4, "judged"]);
});

Deno.test("what an evaluator throws is the error of its score, which keeps name and metrics", async () => {
  const throws = evaluator(function throws(text: string): boolean {
    throw new RangeError(`nothing in ${text}`);
  }, { metrics: [accuracy()] });
  const rejects = evaluator(async function rejects(_text: string): Promise<boolean> {
    await Promise.resolve();
    throw "plain text";
  });
  const made = throws("a", { name: "renamed" });
  assertEquals([made.name, made.value], ["renamed", { error: "RangeError: nothing in a" }]);
  assertEquals([made.metrics.length, made.metadata], [1, { arguments: ["a"] }]);
  assert(made.error instanceof RangeError);
  assertEquals((await rejects("a")).value, { error: "Error: plain text" });
  assertEquals((await rejects("a")).error, "plain text");
});

Deno.test("the arguments become metadata where the function returns a value only", () => {
  const made = sameLength("a", "bc", { name: "length" });
  assertEquals(made.metadata, { arguments: ["a", "bc"] });
});

Deno.test("an argument that is more than data is not kept", () => {
  class Client {
    readonly key = "secret";
  }
  const asked = evaluator(function asked(_text: string, ..._others: unknown[]) {
    return true;
  });
  const made = asked(
    "text",
    new Client(),
    { client: new Client() },
    () => 1,
    [new Date(0)],
    new Map(),
  );
  assertEquals(made.metadata, { arguments: ["text", null, null, null, [new Date(0)], new Map()] });
});

Deno.test("a function may return a score with metadata and metrics of its own", () => {
  const own = evaluator(function own(text: string) {
    return score("ignored", text.length, { metadata: { text }, metrics: [mean()] });
  }, { metrics: [accuracy()] });
  const made = own("abc");
  assertEquals([made.name, made.value, made.metadata], ["own", 3, { text: "abc" }]);
  assertEquals(made.metrics.map(({ name }) => name), ["mean"]);
});

Deno.test("an object with a name is an argument where the function requires it", () => {
  const sameName = evaluator(function sameName(one: { name: string }, other: { name: string }) {
    return one.name === other.name;
  });
  assertEquals(sameName({ name: "a" }, { name: "a" }).value, true);
  const renamed = sameName({ name: "a" }, { name: "b" }, { name: "c" });
  assertEquals([renamed.name, renamed.value], ["c", false]);
});

Deno.test("an evaluator that returns no score's value says so", () => {
  const broken = evaluator(function broken(): boolean {
    return JSON.parse("[1]");
  });
  assertStringIncludes(String(broken().error), 'The evaluator "broken" returned [ 1 ]');
});

Deno.test("an evaluator keeps the types of its function", () => {
  const optional = evaluator(function optional(text: string, limit?: number) {
    return text.length > (limit ?? 0);
  });
  const made: Score = optional("text");
  assertStrictEquals(made.value, true);
  optional("text", 3);
  optional("text", 3, { name: "long" });
  // @ts-expect-error a number is no text
  optional(3);
  // @ts-expect-error an argument is missing
  assert(sameLength("a").error instanceof TypeError);
  // @ts-expect-error there is no such option
  sameLength("a", "b", { label: "length" });
  // @ts-expect-error a function that returns nothing scores nothing
  evaluator(function nothing(_text: string) {});
  // @ts-expect-error a list is no score
  evaluator(function list(_text: string) {
    return [1];
  });
});

Deno.test("an evaluator that takes options takes the name among them", () => {
  const near = evaluator(
    function near(actual: number, expected: number, options: { readonly by?: number } = {}) {
      assertEquals("name" in options, false);
      return Math.abs(actual - expected) <= (options.by ?? 0);
    },
    { takesOptions: true },
  );
  const loosely = { by: 1, name: "loosely" };
  assertEquals([near(1, 2, loosely).name, near(1, 2, loosely).value], ["loosely", true]);
  assertEquals([near(1, 2, { by: 1 }).name, near(1, 2).value], ["near", false]);
  assertEquals(near(1, 2, loosely).metadata, { arguments: [1, 2, { by: 1 }] });
});
