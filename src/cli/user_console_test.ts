// deno-lint-ignore-file no-console -- what this is about
import { assertEquals } from "@std/assert";
import { divertConsole } from "./user_console.ts";

Deno.test("divertConsole() hands over what is printed, in order and by level, until it is disposed of", () => {
  const printed: string[] = [];
  const { log } = console;
  {
    using _diverted = divertConsole(({ level, text }) => printed.push(`${level}: ${text}`));
    console.log("%s of", 1, { a: [1] });
    console.group("group");
    console.warn("two\nlines");
    console.groupEnd();
    console.debug("\x1b[31mred\x1b[0m");
    console.assert(false, "not so");
  }
  assertEquals(printed, [
    "info: 1 of { a: [ 1 ] }",
    "info: group",
    "warn:   two\n  lines",
    "debug: red",
    "error: Assertion failed: not so",
  ]);
  assertEquals(console.log, log);
});
