import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { junitProblems, parseXml } from "../../src/report/testing/xml.ts";
import { startModelServer } from "../faults/model_server.ts";
import { finished, fixturePath, readUntil, workplace } from "./command.ts";

const CORE = new URL("../../mod.ts", import.meta.url).href;

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return names.filter((name) => name !== ".dotevals").toSorted();
}

Deno.test("run writes several reports at once, beside the table, and show the same ones later", async () => {
  await using place = await workplace();
  const reports = ["junit=out/junit.xml", "json=out/all.json", "markdown=out/all.md"];
  const options = reports.flatMap((report) => ["--reporter", report]);
  const run = await place.dotevals("run", fixturePath("basic"), "--experiment", "e", ...options);
  assertEquals(run.code, 0, run.stderr);
  assertMatch(run.stdout, /^evaluation .*\nsums .* 0\.667/);
  const out = join(place.folder, "out");
  assertEquals(await filesIn(out), ["all.json", "all.md", "junit.xml"]);
  const texts = await Promise.all(
    (await filesIn(out)).map((name) => Deno.readTextFile(join(out, name))),
  );
  assertEquals(JSON.parse(texts[0] ?? "").evaluations[0].completed, 3);
  assertEquals(await junitProblems(texts[2] ?? ""), []);
  await Deno.remove(out, { recursive: true });
  const show = await place.dotevals("show", "e", ...options);
  assertEquals(show.code, 0);
  assertStringIncludes(run.stdout, `${show.stdout.split("\n")[0]}  `);
  assertEquals(
    await Promise.all((await filesIn(out)).map((name) => Deno.readTextFile(join(out, name)))),
    texts,
  );
});

Deno.test("a report that cannot be written is refused before anything runs", async () => {
  await using place = await workplace({ ASKED: "asked.txt" });
  await Deno.mkdir(join(place.folder, "taken"));
  await place.write("file", "");
  for (
    const [report, problem] of [
      ["junit=taken", "it is a folder"],
      ["html=file/report.html", 'cannot be written to "file/report.html"'],
      ["junti=x", "Did you mean junit?"],
    ] as const
  ) {
    const { code, stdout, stderr } = await place.dotevals(
      ...["run", fixturePath("failing"), "--reporter", report],
    );
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, problem);
  }
  assertEquals(await filesIn(place.folder), ["file", "taken"]);
});

Deno.test("a report that fails at the end keeps no other from being written, and no result from being kept", async () => {
  await using place = await workplace();
  const file = await place.write(
    "one.eval.ts",
    `import { exactMatch, foreach } from "${CORE}";
export const one = foreach("n", [1], ({ n }) => {
  Deno.removeSync("gone", { recursive: true });
  Deno.writeTextFileSync("gone", "in the way");
  return exactMatch(n, n);
});\n`,
  );
  const { code, stdout, stderr } = await place.dotevals(
    ...["run", file, "--experiment", "e", "--reporter", "junit=gone/a.xml"],
    ...["--reporter", "json=kept.json"],
  );
  assertEquals(code, 2, stderr);
  assertStringIncludes(stderr, 'The report junit could not be written to "gone/a.xml": ');
  assertStringIncludes(stdout, "one");
  assertEquals(await filesIn(place.folder), ["gone", "kept.json", "one.eval.ts"]);
  assertMatch((await place.dotevals("show", "e")).stdout, /one +1\/1 +0 +1\.000/);
});

Deno.test("an interrupted run reports what there is, and the run that goes on the whole experiment", async () => {
  await using place = await workplace();
  const args = [
    ...["run", fixturePath("slow"), "--experiment", "e"],
    ...["--reporter", "json=r.json", "--reporter", "jsonl=r.jsonl"],
  ];
  const run = place.start(args, { env: { HANG: "10", POLITE: "1" } });
  await readUntil(run.stdout, "waiting", 4);
  run.kill("SIGINT");
  assertEquals((await finished(run)).code, 130);
  const read = async () =>
    JSON.parse(await Deno.readTextFile(join(place.folder, "r.json"))).evaluations[0];
  const lines = async () => {
    const text = await Deno.readTextFile(join(place.folder, "r.jsonl"));
    return text.trim().split("\n").map((line) => JSON.parse(line));
  };
  const first = await read();
  assertEquals([first.status, first.completed], ["incomplete", 14]);
  assertEquals((await lines()).filter(({ type }) => type === "result").length, 14);
  assertEquals((await place.dotevals(...args)).code, 0);
  const whole = await read();
  assertEquals([whole.status, whole.completed], ["complete", 20]);
  // Results are told as they are committed: those of this session.
  assertEquals((await lines()).map(({ type }) => type), [
    "experiment",
    ...Array.from({ length: 6 }, () => "result"),
    "evaluation",
  ]);
});

Deno.test("reports are written whatever the run comes to", async () => {
  await using place = await workplace({ FAIL: "abc" });
  const run = await place.dotevals(
    ...["run", fixturePath("failing"), "--experiment", "e", "--reporter", "junit=r.xml"],
  );
  assertEquals(run.code, 1);
  const document = await Deno.readTextFile(join(place.folder, "r.xml"));
  assertEquals(await junitProblems(document), []);
  assertStringIncludes(document, 'tests="3" failures="0" errors="3"');
});

Deno.test("what ended a run early is in its reports", async () => {
  await using model = startModelServer();
  await using place = await workplace({ OPENAI_BASE_URL: model.url, ITEMS: "40" });
  const run = await place.dotevals(
    ...["run", fixturePath("asking"), "--model", "openai:m", "--concurrency", "4"],
    ...["--max-tokens", "20", "--reporter", "junit=r.xml", "--reporter", "github"],
    ...["--reporter", "markdown=r.md"],
  );
  assertEquals(run.code, 4, run.stderr);
  const document = await Deno.readTextFile(join(place.folder, "r.xml"));
  assertEquals(await junitProblems(document), []);
  const markdown = await Deno.readTextFile(join(place.folder, "r.md"));
  for (const text of [document, markdown, run.stderr]) {
    assertMatch(text, /incomplete, \d+( of \d+)? items are recorded: .*20 tokens/);
  }
  assertMatch(run.stderr, /^::error title=asking.* did not come to its end::/m);
});

Deno.test("what became of gates is in the reports", async () => {
  await using place = await workplace();
  const run = await place.dotevals(
    ...[
      "run",
      fixturePath("basic"),
      "--gate",
      "exactMatch.accuracy >= 0.9",
      "--gate",
      "errors < 1",
    ],
    ...["--reporter", "junit=r.xml", "--reporter", "github", "--reporter", "markdown=r.md"],
    ...["--reporter", "html=r.html"],
  );
  assertEquals(run.code, 1, run.stderr);
  const [xml = "", markdown, html] = await Promise.all(
    ["r.xml", "r.md", "r.html"].map((name) => Deno.readTextFile(join(place.folder, name))),
  );
  assertEquals(await junitProblems(xml), []);
  const [gates, sums] = parseXml(xml).children;
  assertEquals(
    [gates?.attributes.name, gates?.attributes.tests, gates?.attributes.failures],
    ["gates", "2", "1"],
  );
  assertEquals(gates?.children.map(({ children }) => children[0]?.name), ["failure", "system-out"]);
  assertMatch(gates?.children[0]?.children[0]?.attributes.message ?? "", /is 0\.667, .* >= 0\.900/);
  assertEquals(sums?.attributes.failures, "0");
  assertMatch(run.stderr, /^::error title=gate failed%3A exactMatch\.accuracy >= 0\.9::.*0\.667/m);
  assertMatch(markdown ?? "", /^\| `exactMatch\.accuracy >= 0\.9` \| \*\*failed\*\* \| /m);
  assertStringIncludes(html ?? "", '"gate":"errors \\u003c 1","passed":true');
});

Deno.test("a reader that goes away takes neither the other reports nor the status with it", async () => {
  await using place = await workplace({ FAIL: "abc" });
  const run = place.start([
    ...["run", fixturePath("failing"), "--reporter", "json", "--reporter", "markdown=r.md"],
  ]);
  await run.stdout.cancel();
  const [{ code }] = await Promise.all([run.status, run.stderr.cancel()]);
  assertEquals(code, 1);
  assertStringIncludes(await Deno.readTextFile(join(place.folder, "r.md")), "no luck with a");
});

Deno.test("github annotates on standard error and adds to the step's summary", async () => {
  await using place = await workplace({ FAIL: "b" });
  const env = { GITHUB_STEP_SUMMARY: join(place.folder, "summary.md") };
  const file = await place.write(
    "one.eval.ts",
    `import { exactMatch, foreach } from "${CORE}";
export const one = foreach("n", [1, 2], ({ n }) => {
  if (n === 2) throw new RangeError("100%, no: it\\nis");
  return exactMatch(n, n);
});\n`,
  );
  const args = ["run", file, "--experiment", "e", "--reporter", "github"];
  const { code, stdout, stderr } = await finished(place.start(args, { env }));
  assertEquals(code, 0);
  assertMatch(stdout, /^evaluation/);
  const annotations = stderr.split("\n").filter((line) => line.startsWith("::"));
  assertEquals(annotations, [
    "::error file=one.eval.ts,line=3,title=one%3A 1 item of 2 failed::" +
    'RangeError: 100%25, no: it%0Ais%0ARow 1: {"n":2}',
  ]);
  assertStringIncludes(await Deno.readTextFile(env.GITHUB_STEP_SUMMARY), "# Experiment `e`");
  // Elsewhere there is no summary, and nothing breaks.
  assertEquals((await place.dotevals("show", "e", "--reporter", "github")).code, 0);
});

Deno.test("a summary that cannot be written is named", async () => {
  await using place = await workplace();
  const args = ["run", fixturePath("basic"), "--reporter", "github"];
  const env = { GITHUB_STEP_SUMMARY: join(place.folder, "none/summary.md") };
  const { code, stderr } = await finished(place.start(args, { env }));
  assertEquals(code, 2, stderr);
  const named = `The step's summary could not be written to "${env.GITHUB_STEP_SUMMARY}"`;
  assertStringIncludes(stderr, named);
});

Deno.test("a summary keeps below what GitHub drops as too large", async () => {
  await using place = await workplace();
  const summary = await place.write("summary.md", `${"x".repeat(1024 * 1024 - 150)}\n`);
  const args = ["run", fixturePath("basic"), "--reporter", "github"];
  const env = { GITHUB_STEP_SUMMARY: summary };
  assertEquals((await finished(place.start(args, { env }))).code, 0);
  const text = await Deno.readTextFile(summary);
  assertEquals(text.length <= 1024 * 1024, true);
  assertStringIncludes(text.slice(-100), "Cut here");
});
