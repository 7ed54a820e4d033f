import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { codeBlocks } from "./blocks.ts";
import { matchesOutput } from "./expected_output.ts";

Deno.test("codeBlocks() reads language, attributes, text and line", () => {
  const page = [
    "# Title",
    '```ts file=evals/a.eval.ts skip="needs a key, really" output',
    "const a = `x`;",
    "",
    "```",
    "Some ```inline``` code.",
    "```",
    "plain",
    "```",
  ].join("\n");
  const [first, second, ...rest] = codeBlocks(page);
  assertEquals(first, {
    language: "ts",
    attributes: new Map([
      ["file", "evals/a.eval.ts"],
      ["skip", "needs a key, really"],
      ["output", ""],
    ]),
    text: "const a = `x`;\n",
    line: 2,
  });
  assertEquals([second?.language, second?.text, second?.line], ["", "plain", 7]);
  assertEquals(rest, []);
});

Deno.test("codeBlocks() takes shorter fences within a longer one as text", () => {
  const inner = "```sh\nls\n```";
  const [outer, ...rest] = codeBlocks(`\`\`\`\`md\n${inner}\n\`\`\`\`\n`);
  assertEquals([outer?.language, outer?.text, rest.length], ["md", inner, 0]);
  const [tilde] = codeBlocks(`~~~text\n${inner}\n~~~`);
  assertEquals([tilde?.language, tilde?.text], ["text", inner]);
});

Deno.test("codeBlocks() takes the indentation of a list's block off", () => {
  const [block] = codeBlocks("- item\n\n  ```sh\n  if true; then\n    ls\n  fi\n  ```\n");
  assertEquals(block?.text, "if true; then\n  ls\nfi");
});

Deno.test("codeBlocks() names the line of a block that is not closed", () => {
  assertThrows(() => codeBlocks("a\n```ts\nb"), Error, "line 2");
});

Deno.test("matchesOutput() takes … for text in a line and for whole lines", () => {
  assert(matchesOutput("a  \nb\n\n", "a\nb"));
  assert(matchesOutput("took 31 ms\n", "took … ms"));
  assert(matchesOutput("a\nb\nc\nd\n", "a\n…\nd"));
  assert(matchesOutput("a\nd\n", "a\n…\nd"));
  assert(matchesOutput("a (1.5)\nrest\n", "a (1.5)\n…"));
  assertFalse(matchesOutput("took 31\nms\n", "took … ms"));
  assertFalse(matchesOutput("a (125)\n", "a (1.5)"));
  assertFalse(matchesOutput("a\nb\n", "a"));
  assertFalse(matchesOutput("b\na\n", "a"));
});
