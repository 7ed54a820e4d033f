import { assertEquals } from "@std/assert";
import { nearest, suggestion } from "./nearest.ts";

Deno.test("nearest() finds what was meant, and nothing where no candidate is near", () => {
  const candidates = ["experiment", "model", "storage"];
  assertEquals(nearest("experimnt", candidates), "experiment");
  assertEquals(nearest("exp", candidates), "experiment");
  assertEquals(nearest("mod", ["model-option", "model"]), "model");
  assertEquals(nearest("Modle", candidates), "model");
  assertEquals(nearest("concurrency", candidates), undefined);
  assertEquals(nearest("model", []), undefined);
});

Deno.test("suggestion() names the nearest, else the first few that there are", () => {
  assertEquals(suggestion("trail", ["trial", "unlike"]), 'Did you mean "trial"?');
  assertEquals(suggestion("first", ["baseline"]), 'There is "baseline".');
  assertEquals(
    suggestion("z", ["one", "two", "three", "four", "five", "six", "seven"].map((n) => `the ${n}`)),
    'There are "the one", "the two", "the three", "the four", "the five" and 2 more.',
  );
});
