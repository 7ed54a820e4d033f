import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { wantedReports } from "./reporter_option.ts";

const OPTIONS = { cwd: "/here" };

function refused(options: readonly string[]): string {
  const { message, hint } = assertThrows(() => wantedReports(options, OPTIONS), DotevalsError);
  return `${message} ${hint}`;
}

Deno.test("wantedReports() prints for people where no other report takes standard output", () => {
  const pretty = { name: "pretty", file: undefined } as const;
  assertEquals(wantedReports([], OPTIONS), [pretty]);
  assertEquals(wantedReports(["junit=a=b.xml", "github"], OPTIONS), [
    pretty,
    { name: "junit", file: "a=b.xml" },
    { name: "github", file: undefined },
  ]);
  assertEquals(wantedReports(["json=-"], OPTIONS), [{ name: "json", file: undefined }]);
  assertEquals(wantedReports(["json", "pretty=table.txt"], OPTIONS), [
    { name: "json", file: undefined },
    { name: "pretty", file: "table.txt" },
  ]);
});

Deno.test("wantedReports() refuses what cannot be meant, and says what can", () => {
  assertStringIncludes(refused(["junti=a"]), 'no reporter "junti". Did you mean junit?');
  assertStringIncludes(refused(["zzzzzzzzzz"]), "There are pretty, json, jsonl");
  assertStringIncludes(refused(["junit="]), "names no file");
  assertStringIncludes(refused(["json", "html"]), "json and html both write to standard output");
  assertStringIncludes(refused(["json", "html=-"]), "both write to standard output");
  assertStringIncludes(refused(["json", "json"]), "given twice");
  assertStringIncludes(refused(["json=a", "html=../here/a"]), 'Two reporters write to "a"');
});
