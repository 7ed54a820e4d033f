import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { discover, type Discovery } from "./discover.ts";
import { findFiles } from "./find_files.ts";

const CORE = new URL("../evaluation/foreach.ts", import.meta.url).href;
const SCORE = new URL("../evaluation/score.ts", import.meta.url).href;

/** A folder with files, gone when disposed of. */
async function folderOf(files: Readonly<Record<string, string>>) {
  const folder = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function search(paths: readonly string[], folder: string): Promise<Discovery> {
  const { files, problems } = await findFiles(paths, folder);
  const found = await discover(files);
  return { ...found, problems: [...problems, ...found.problems] };
}

function evaluation(name: string, options = "{}"): string {
  return `import { foreach } from "${CORE}"; import { score } from "${SCORE}";
export const ${name} = foreach("a", [1], ${options}, () => score("one", 1));\n`;
}

Deno.test("discover() finds evaluation files in folders by their names", async () => {
  await using made = await folderOf({
    "one.eval.ts": evaluation("one"),
    "two_eval.js": evaluation("two"),
    "deep/eval_three.mjs": evaluation("three"),
    "deep/four.eval.tsx": evaluation("four"),
    "deep/other.ts": "throw new Error('not to be read')",
    "node_modules/x/five.eval.ts": "throw new Error('not to be read')",
    ".hidden/six.eval.ts": "throw new Error('not to be read')",
  });
  const found = await search(["."], made.folder);
  assertEquals(found.problems, []);
  assertEquals(found.evaluations.map(({ name }) => name), ["three", "four", "one", "two"]);
});

Deno.test("discover() takes files and globs, each file once", async () => {
  await using made = await folderOf({
    "a/one.eval.ts": evaluation("one"),
    "a/plain.ts": evaluation("plain"),
  });
  const found = await search(["a/plain.ts", "a/*.eval.ts", "a/one.eval.ts"], made.folder);
  assertEquals(found.evaluations.map(({ name }) => name), ["plain", "one"]);
});

Deno.test("discover() names an evaluation by its option, else its export, else its file", async () => {
  await using made = await folderOf({
    "named.eval.ts": evaluation("exported", '{ name: "given" }'),
    "math.eval.ts": evaluation("hidden").replace("export const", "const") +
      "export default hidden;",
    "twice.eval.ts": evaluation("twice") + "export default twice;",
  });
  const found = await search(["."], made.folder);
  assertEquals(found.evaluations.map(({ name }) => name), ["math", "given", "twice"]);
});

Deno.test("discover() says of each part what is wrong with it, and uses the rest", async () => {
  await using made = await folderOf({
    "good.eval.ts": evaluation("good"),
    "throws.eval.ts": "throw new Error('no key');",
    "empty.eval.ts": "export const answer = 42;",
    "bare.eval.ts": 'import "@dotevals/nothing-of-this-name";',
    "first.eval.ts": evaluation("same"),
    "second.eval.ts": evaluation("same"),
  });
  await Deno.mkdir(join(made.folder, "none"));
  const paths = [".", "none", "missing.ts", "*.nothing"];
  const { evaluations, problems } = await search(paths, made.folder);
  assertEquals(evaluations.map(({ name }) => name), ["good"]);
  const texts = problems.map(({ text, hint }) => `${text} ${hint ?? ""}`).join("\n");
  assertStringIncludes(texts, "throws.eval.ts: could not be imported: no key");
  assertStringIncludes(texts, "empty.eval.ts: exports no evaluation.");
  assertStringIncludes(texts, 'Import "jsr:@dotevals/core"');
  assertStringIncludes(texts, '2 evaluations are named "same"');
  assertStringIncludes(texts, "The folder none holds no evaluation files.");
  assertStringIncludes(texts, "There is no file or folder missing.ts.");
  assertStringIncludes(texts, "No file matches *.nothing.");
  assertEquals(problems.length, 7);
});

Deno.test("discover() names an evaluation of several exports as the variable that it was made as", async () => {
  await using made = await folderOf({
    "a.eval.ts": evaluation("good") + "export const alias = good; export const same = good;",
    "b.eval.ts": evaluation("hidden").replace("export const", "const") +
      "export { hidden as second, hidden as first };",
    "c.eval.ts": evaluation("made", '{ name: "given" }') + "export const also = made;",
  });
  const found = await search(["."], made.folder);
  assertEquals(found.evaluations.map(({ name }) => name), ["good", "first", "given"]);
});

Deno.test("discover() says where an import threw, and shows paths as they are", async () => {
  await using made = await folderOf({
    "wrong.eval.ts": evaluation("wrong", "{ nope: 1 } as never"),
    "colours.eval.ts": 'throw new Error("\\x1b[36mblue\\x1b[0m");',
    "a b/one.eval.ts": evaluation("same"),
    "a b/two.eval.ts": evaluation("same"),
  });
  const found = await search(["."], made.folder);
  const texts = found.problems.map(({ text }) => text).join("\n");
  assertStringIncludes(texts, `(${join(made.folder, "wrong.eval.ts")}:2)`);
  assertStringIncludes(texts, `imported: blue (${join(made.folder, "colours.eval.ts")}:1)`);
  assertStringIncludes(texts, join(made.folder, "a b", "one.eval.ts"));
});

Deno.test("discover() refuses an evaluation of a newer protocol", async () => {
  await using made = await folderOf({
    "newer.eval.ts": `export const newer = { [Symbol.for("dotevals.evaluation")]: 99 };`,
  });
  const { evaluations, problems } = await search(["."], made.folder);
  assertEquals(evaluations, []);
  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0]?.text ?? "", "newer version of @dotevals/core");
});
