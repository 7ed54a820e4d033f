import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";

const CORE = new URL("../mod.ts", import.meta.url).href;

/** What the compiler says of a user's file. */
async function compilerSays(text: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, `import * as dotevals from "${CORE}";\n${text}`);
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--config", fromFileUrl(new URL("../deno.json", import.meta.url)), file],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    return new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("the compiler names the column that a dataset lacks", async () => {
  const said = await compilerSays(`
const rows = dotevals.jsonl<{ question: string; answer: number }>("rows.jsonl");
dotevals.foreach("question,answr", rows, ({ question }) => dotevals.exactMatch(question, ""));
`);
  assertStringIncludes(said, `"the dataset has no column": "answr"`);
  assertEquals(said.includes("'never'"), false, said);
});

Deno.test("the compiler knows the columns of jsonl<Row>() and csv()", async () => {
  const said = await compilerSays(`
const rows = dotevals.jsonl<{ question: string; answer: number }>("rows.jsonl");
dotevals.foreach("question,answer", rows, ({ question, answer }) =>
  dotevals.exactMatch(question.toUpperCase(), answer.toFixed()));
dotevals.foreach("text", dotevals.csv("rows.csv"), ({ text }) =>
  dotevals.contains(text.trim(), "a"));
`);
  assertEquals(said.includes("ERROR"), false, said);
});
