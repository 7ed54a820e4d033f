import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { parquetReadObjects } from "hyparquet";
import { emptyStorage } from "../../src/exchange/testing/exported.ts";
import { reportExperiment } from "../../src/report/experiment_report.ts";
import { reporter } from "../../src/report/reporters/github.ts";
import { fill } from "../../src/report/testing/filled_storage.ts";
import { evaluationLabel } from "../../src/report/variant_text.ts";
import { plain, plainText } from "../../src/report/plain_text.ts";
import { shortened } from "../../src/report/shortened.ts";
import { junitProblems, parseXml } from "../../src/report/testing/xml.ts";
import { CORPUS } from "./corpus.ts";
import { EXPERIMENT, NAMES } from "./hostile_experiment.ts";
import { hostilePlace } from "./hostile_place.ts";
import { runnerCommands } from "./runner_commands.ts";

Deno.test("the JUnit report is well-formed and valid, and every text is where it belongs", async () => {
  await using place = await hostilePlace();
  await place.dotevals(["show", EXPERIMENT, "--reporter", "junit=report.xml"]);
  const document = await Deno.readTextFile(join(place.folder, "report.xml"));
  assertEquals(await junitProblems(document), []);
  const { attributes, children: suites } = parseXml(document);
  assertEquals(attributes.name, plain(EXPERIMENT));
  assertEquals(suites.length, NAMES.length + 2);
  const [answered, failed, ...named] = suites;
  assertEquals(answered?.children.length, CORPUS.length + 1);
  for (const [at, { name, text }] of CORPUS.entries()) {
    const [output] = answered?.children[at + 1]?.children ?? [];
    const shown = inXml(`\nresponse: ${shortened(text, 10_000)}\nplain: `);
    assert(output?.text.includes(shown), name);
    const [error] = failed?.children[at + 1]?.children ?? [];
    const attributes = { type: inXml(text), message: inXml(shortened(text, 1_000)) };
    assertEquals<unknown>({ ...error?.attributes }, attributes, name);
  }
  assertEquals(named.map((suite) => suite.children.length), NAMES.map(() => 2));
});

/** The text, and two characters that XML has no form for. */
function inXml(text: string): string {
  return plainText(text).replaceAll("\ufffe", "\\u{fffe}").replaceAll("\uffff", "\\u{ffff}");
}

Deno.test("github makes its own annotations, as many as it says, and no other command", async () => {
  await using place = await hostilePlace();
  const summary = join(place.folder, "summary.md");
  const io = await place.dotevals(["show", EXPERIMENT, "--reporter", "github"], {
    env: { GITHUB_STEP_SUMMARY: summary },
  });
  const commands = runnerCommands(io.err());
  // Kinds of errors up to the most that there are, and one that counts the others.
  assertEquals(commands.length, 51);
  assertEquals(commands.filter(({ name }) => name === "error").length, 50);
  assertEquals(commands.at(-1)?.name, "warning");
  assertEquals(io.err().trimEnd().split("\n").length, commands.length);
  for (const { properties } of commands) {
    assertEquals(Object.keys(properties).filter((name) => name !== "title"), []);
  }
  const [first] = CORPUS;
  assertEquals(commands[0]?.properties.title, `failed: 1 item of ${CORPUS.length} failed`);
  assert(commands[0]?.data.startsWith(plainText(`${first?.text}: ${first?.text}`)));
  assertEquals(runnerCommands(await Deno.readTextFile(summary)), []);
});

Deno.test("github names evaluations whole, whatever they are called", async () => {
  await using storage = await emptyStorage();
  const records = [{ error: { name: "Error", message: "no", stack: undefined } }];
  for (let at = 0; at < NAMES.length; at += 40) {
    const names = NAMES.slice(at, at + 40).map(({ text }) => text);
    const experiment = `from ${at}`;
    await fill(
      storage,
      experiment,
      names.map((name) => ({ name, variant: { [name]: name }, records })),
    );
    const report = await reportExperiment(storage, experiment);
    const lines = await Array.fromAsync(reporter({ report, storage, folder: "/" }));
    assertEquals(
      runnerCommands(lines.join("")).map(({ name, properties }) => [name, properties]),
      names.map((name) => {
        const title = `${evaluationLabel(name, { [name]: name })}: 1 item of 1 failed`;
        return ["error", { title }];
      }),
    );
  }
});

Deno.test("every format carries every text as it went in, and no cell begins a formula", async () => {
  await using place = await hostilePlace();
  const original = (await place.dotevals(["export", EXPERIMENT])).out();
  const results = original.trimEnd().split("\n").map((line) => JSON.parse(line))
    .filter(({ type, evaluation }) => type === "result" && evaluation === "answered");
  assertEquals(results.map(({ response }) => response), CORPUS.map(({ text }) => text));
  assertEquals(results.map(({ row }) => row.text), CORPUS.map(({ text }) => text));
  for (const format of ["jsonl", "json", "csv", "parquet"]) {
    const file = `e.${format}`;
    await place.dotevals(["export", EXPERIMENT, "-o", file]);
    await place.dotevals(["import", file, "--name", format]);
    const again = (await place.dotevals(["export", format])).out();
    const own = (text: string) =>
      text.trimEnd().split("\n").map((line) => JSON.parse(line))
        .filter(({ type }) => type === "result").map((result) => ({ ...result, metrics: null }));
    assertEquals(own(again), own(original), format);
  }
  const bytes = await Deno.readFile(join(place.folder, "e.parquet"));
  const rows = await parquetReadObjects({ file: bytes.buffer });
  const cells = [
    ...rows.flatMap((row) => Object.values(row)),
    ...csvCells(await Deno.readTextFile(join(place.folder, "e.csv"))),
  ].filter((cell) => typeof cell === "string");
  const formulas = cells.filter((cell) =>
    /^\s*[=+\-@]/.test(cell) && !Number.isFinite(Number(cell))
  );
  assertEquals(formulas, []);
});

/** The cells of a CSV text by RFC 4180, read the shortest way. */
function csvCells(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)]
    .map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "");
}
