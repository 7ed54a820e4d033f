import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { parseOptions, wordsFor } from "./options.ts";

const command = {
  name: "run",
  options: {
    storage: { type: "text", value: "LOCATION", summary: "" },
    model: { type: "texts", value: "SPEC", summary: "" },
    samples: { type: "count", value: "N", summary: "", least: 1 },
    reporter: { type: "text", value: "NAME", summary: "", choices: ["pretty", "json"] },
    quiet: { type: "flag", summary: "" },
  },
} as const;

function refused(args: readonly string[], message: string): string {
  const error = assertThrows(() => parseOptions(command, args), DotevalsError, message);
  assertEquals(error.exitCode, 2);
  return error.hint ?? "";
}

Deno.test("parseOptions() reads options of every type, and words", () => {
  const { values, words } = parseOptions(command, [
    "evals/",
    "--model=a=b:c",
    "--model",
    "d:e",
    "--samples",
    "007",
    "--quiet",
    "123",
    "--reporter=json",
    "--debug",
    "--",
    "--not-an-option",
  ]);
  assertEquals(values, {
    ...values,
    storage: undefined,
    model: ["a=b:c", "d:e"],
    samples: 7,
    reporter: "json",
    quiet: true,
  });
  assertEquals(words, ["evals/", "123", "--not-an-option"]);
  assertEquals(parseOptions(command, []).values.model, []);
});

Deno.test("parseOptions() takes a flag's next word for a word, and the last of several values", () => {
  const { values, words } = parseOptions(command, ["--quiet", "a", "--samples=1", "--samples=2"]);
  assertEquals([values.quiet, values.samples, words], [true, 2, ["a"]]);
});

Deno.test("parseOptions() suggests the option nearest to one that is not there", () => {
  assertStringIncludes(refused(["--storag", "x"], "no option --storag"), "Did you mean --storage?");
  assertStringIncludes(refused(["--no-quiet"], "--no-quiet"), "dotevals run --help");
  refused(["-x"], "-x");
  refused(["--__proto__=1"], "--__proto__");
});

Deno.test("parseOptions() says which value is missing or wrong, and what it must be", () => {
  assertEquals(refused(["--samples"], "--samples has no value"), "Write: --samples N");
  refused(["--storage", "--quiet"], "--storage has no value");
  refused(["--storage="], "--storage has no value");
  for (const text of ["ten", "0", "1.5", "1e3", "99999999999999999999"]) {
    assertEquals(
      refused([`--samples=${text}`], `--samples is "${text}"`),
      "It must be a whole number, 1 or more.",
    );
  }
  assertStringIncludes(refused(["--reporter", "jsno"], '"jsno"'), "Did you mean json?");
  refused(["--quiet=no"], '--quiet takes no value, and got "no"');
});

Deno.test("wordsFor() says what is missing or too much", () => {
  const options = { command: "rename", names: ["OLD", "NEW"] };
  assertEquals(wordsFor(["a", "b"], options), ["a", "b"]);
  const missing = assertThrows(() => wordsFor(["a"], options), DotevalsError, "needs NEW");
  assertEquals(missing.hint, "Write: dotevals rename OLD NEW");
  assertThrows(() => wordsFor(["a", "b", "c"], options), DotevalsError, '"c"');
});
