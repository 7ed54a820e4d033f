import { assertEquals, assertThrows } from "@std/assert";
import { InvalidResultError, result, toResult } from "./result.ts";
import { score } from "./score.ts";

Deno.test("toResult() takes a score, several, or a result", () => {
  const one = score("a", true);
  assertEquals(toResult(one).scores, [one]);
  assertEquals(toResult([one, score("b", 2)]).scores.length, 2);
  assertEquals(toResult(result({ scores: one, response: "4" })).response, "4");
});

Deno.test("toResult() says what was returned instead of an outcome", () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    [undefined, "undefined (is a return missing?)"],
    [null, "null"],
    [true, "the boolean true"],
    ["yes", 'the string "yes"'],
    [{ score: 1 }, 'an object with "score"'],
    [[score("a", 1), 3], "an array whose entry 1 is the number 3"],
    [[Promise.resolve()], "a promise inside its return value"],
    [new Map(), "a value of class Map"],
  ];
  for (const [value, text] of wrong) {
    assertThrows(() => toResult(value), InvalidResultError, text);
  }
});

Deno.test("toResult() refuses two scores of one name and values that are none", () => {
  assertThrows(
    () => toResult([score("a", 1), score("a", 2)]),
    InvalidResultError,
    'Two scores are named "a"',
  );
  assertThrows(
    () => toResult(score("a", [1] as never)),
    InvalidResultError,
    'The score "a" is a value of class Array',
  );
});
