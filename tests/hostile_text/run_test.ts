import { assertEquals } from "@std/assert";
import { workplace } from "../cli/command.ts";
import { CORPUS } from "./corpus.ts";
import { emulate, textLines } from "./emulator.ts";
import { runnerCommands } from "./runner_commands.ts";

const CORE = new URL("../../mod.ts", import.meta.url).href;
const TEXTS = new URL("./corpus.ts", import.meta.url).href;

Deno.test("a run over hostile rows, with hostile errors, names and answers, prints and logs texts only", async () => {
  await using place = await workplace();
  const file = await place.write(
    "hostile.eval.ts",
    `import { exactMatch, foreach, result, score } from "${CORE}";
import { CORPUS } from "${TEXTS}";
const rows = CORPUS.map(({ text }) => ({ text }));
export const answered = foreach("text", rows, { model: "echo:" }, async ({ text }, { model }) => {
  const { text: response } = await model.generate(text || "none");
  return result({ scores: [exactMatch(response, text), score("own", text)], prompt: text, response });
});
export const failed = foreach("text", rows, ({ text }) => {
  const error = new Error(text);
  error.name = text;
  throw error;
});
export const named = foreach("text", rows.slice(0, 1), { params: { [rows[0].text]: rows.map(({ text }) => text) } },
  ({ text }) => exactMatch(text, text));
`,
  );
  const files = ["json", "jsonl", "junit", "markdown", "html"].map((name) => `${name}=out.${name}`);
  const run = await place.dotevals(
    ...["run", file, "--experiment", "e", "--log", "session.log", "--log-level", "debug"],
    ...files.flatMap((report) => ["--reporter", report]),
  );
  assertEquals(run.code, 1, run.stderr);
  const log = await Deno.readTextFile(`${place.folder}/session.log`);
  const written = await Promise.all(
    files.map((report) => Deno.readTextFile(`${place.folder}/${report.split("=")[1]}`)),
  );
  for (const text of [run.stdout, run.stderr, log, ...written]) {
    const { lines, incidents } = await emulate(text, { columns: 200 });
    assertEquals(incidents, []);
    assertEquals(lines.length, textLines(text).length);
    assertEquals(runnerCommands(text), []);
  }
  const results = written[1]?.trimEnd().split("\n").map((line) => JSON.parse(line)) ?? [];
  const answers = results.filter(({ evaluation, error }) => evaluation === "answered" && !error);
  assertEquals(answers.length, CORPUS.length);
});

Deno.test("providers test shows what a hostile model says as text, also as JSON", async () => {
  await using place = await workplace();
  await place.write(
    "hostile.ts",
    `import { CORPUS } from "${TEXTS}";
import { defineProvider } from "${CORE}";
const text = CORPUS.map(({ text }) => text).join("\\n");
const model = { generate: () => Promise.resolve({ text, finishReason: text }) };
export default defineProvider({
  name: "hostile",
  permissions: {},
  setup: () => Promise.resolve({ resourceId: text, model, [Symbol.asyncDispose]: () => Promise.resolve() }),
});\n`,
  );
  for (const json of [[], ["--json"]]) {
    const { code, stdout, stderr } = await place.dotevals(
      "providers",
      "test",
      "./hostile.ts#m",
      ...json,
    );
    assertEquals(code, 0, stderr);
    const { lines, incidents } = await emulate(stdout, { columns: 200 });
    assertEquals(incidents, []);
    assertEquals(lines.length, textLines(stdout).length);
    assertEquals(runnerCommands(stdout), []);
  }
});
