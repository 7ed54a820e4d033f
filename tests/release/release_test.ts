import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import type { Finished } from "../finished.ts";
import { registryWithBoth } from "./both_packages.ts";
import { deno, writeFiles } from "./deno_command.ts";
import { completion } from "../../providers/openai/testing/answers.ts";
import { startModal } from "../../providers/modal/testing/modal_server.ts";
import { serve } from "../../providers/openai/testing/strict_server.ts";

/** What only a run that names one of the other providers may download. */
const OTHER_PROVIDERS = /^(ai|modal|cbor-x|ollama.*|nice-grpc.*|@(ai-sdk|aws.*|smithy|grpc)\/.*)$/;
const CLI = "jsr:@dotevals/cli";

Deno.test("the published packages run from an empty directory and an empty cache", async (t) => {
  await using cleanup = new AsyncDisposableStack();
  const home = await Deno.makeTempDir();
  cleanup.defer(() => Deno.remove(home, { recursive: true }));
  await using registry = await registryWithBoth();
  const env = { JSR_URL: registry.url, DENO_DIR: `${home}/deno_dir` };
  const run = (cwd: string, ...args: string[]) =>
    deno(["run", "-A", ...args], { cwd: `${home}/${cwd}`, env });

  await t.step("what is published has no tests and nothing of the stand-ins", () => {
    const paths = [...registry.find("@dotevals/core")?.files.keys() ?? []];
    assertEquals(paths.filter((path) => /_test\.|\/testing\/|^(packages|tests)\//.test(path)), []);
    for (const path of ["deno.json", "mod.ts", "cli.ts", "README.md", "LICENSE"]) {
      assert(paths.includes(path), path);
    }
  });

  await t.step("--help downloads no heavy package", async () => {
    await Deno.mkdir(`${home}/help`);
    const outcome = await run("help", CLI, "--help");
    assertEquals(outcome.code, 0, outcome.stderr);
    assertMatch(outcome.stdout, /run/);
    assertEquals(
      outcome.stderr.split("\n").filter((line) => /^Download .*(openai|libsql)/.test(line)),
      [],
    );
  });

  await t.step("with no config, evaluations import jsr:@dotevals/core", async () => {
    await writeFiles(`${home}/plain`, {
      "evals/sums.eval.ts": evaluation("jsr:@dotevals/core@^0.1.0"),
    });
    assertRecorded(await run("plain", CLI, "run", "evals/", "--experiment", "first"));
    const list = await run("plain", "--quiet", CLI, "list", "--json");
    assertEquals(list.code, 0, list.stderr);
    const [experiment] = JSON.parse(list.stdout);
    assertEquals([experiment.name, experiment.completed, experiment.errors], ["first", 3, 0]);
  });

  await t.step("reports are written, and experiments exported and imported", async () => {
    const reports = ["html=r.html", "junit=r.xml", "markdown=r.md", "jsonl=r.jsonl", "github"];
    const options = reports.flatMap((report) => ["--reporter", report]);
    assertRecorded(await run("plain", CLI, "show", "first", ...options));
    // The page's script is the source of functions as they were published.
    const page = await Deno.readTextFile(`${home}/plain/r.html`);
    assertStringIncludes(page, "function selectItems(data, selection)");
    for (const format of ["csv", "parquet"]) {
      const file = `first.${format}`;
      const exported = await run("plain", CLI, "export", "first", "-o", file);
      assertEquals(exported.code, 0, exported.stderr);
      const imported = await run("plain", CLI, "import", file, "--name", format);
      assertStringIncludes(imported.stderr, `Imported 3 results of 1 evaluation as ${format}.`);
    }
  });

  await t.step("with a deno.json here, evaluations import @dotevals/core", async () => {
    await writeFiles(`${home}/mapped`, {
      "deno.json": '{ "imports": { "@dotevals/core": "jsr:@dotevals/core@^0.1.0" } }',
      "evals/sums.eval.ts": evaluation("@dotevals/core"),
    });
    assertRecorded(await run("mapped", CLI, "run", "evals/", "--experiment", "second"));
  });

  await t.step("from the parent directory, the error says how to map @dotevals/core", async () => {
    const { code, stdout, stderr } = await run(".", "--quiet", CLI, "run", "mapped/evals/");
    assertEquals([code, stdout], [2, ""], stderr);
    assertStringIncludes(stderr, "sums.eval.ts");
    assertMatch(stderr, /"@dotevals\/core"/);
    assertStringIncludes(stderr, "jsr:@dotevals/core");
    assertFalse(stderr.includes(registry.url), `there is a stack of the command in: ${stderr}`);
  });

  await t.step(
    "a run with openai: downloads and loads nothing of the other providers",
    async () => {
      await using endpoint = serve(() => completion({ content: "2" }));
      await writeFiles(`${home}/openai`, {
        "evals/sums.eval.ts": asking("jsr:@dotevals/core@^0.1.0"),
      });
      const options = ["--model", "m=openai:m", "--model-option", `m.baseUrl=${endpoint.baseUrl}`];
      assertRecorded(await run("openai", CLI, "run", "evals/", ...options));
      assertEquals(endpoint.seen.length, 3);
      const packages = await npmPackages(env.DENO_DIR);
      assert(packages.includes("@libsql/client"), packages.join(" "));
      assertEquals(packages.filter((name) => OTHER_PROVIDERS.test(name)), []);
    },
  );

  await t.step(
    "a run with ai: downloads the AI SDK and the one package that it needs",
    async () => {
      await using endpoint = serve(() => completion({ content: "2" }));
      await writeFiles(`${home}/ai`, { "evals/sums.eval.ts": asking("jsr:@dotevals/core@^0.1.0") });
      const options = [
        `m.baseUrl=${endpoint.baseUrl}`,
        "m.stream=false",
      ].flatMap((option) => ["--model-option", option]);
      const model = ["--model", "m=ai:openai-compatible/m"];
      assertRecorded(await run("ai", CLI, "run", "evals/", ...model, ...options));
      assertEquals(endpoint.seen.length, 3);
      const packages = (await npmPackages(env.DENO_DIR)).filter((name) =>
        OTHER_PROVIDERS.test(name)
      );
      assert(packages.includes("@ai-sdk/openai-compatible"), packages.join(" "));
      assertEquals(packages.filter((name) => /aws|grpc|anthropic|google|mistral/.test(name)), []);
    },
  );

  await t.step("a run with modal: resolves and downloads Modal's SDK", async () => {
    await using modal = await startModal({ functions: { "app/two": { run: () => "2" } } });
    await writeFiles(`${home}/modal`, {
      "evals/sums.eval.ts": asking("jsr:@dotevals/core@^0.1.0"),
    });
    const outcome = await deno(
      ["run", "-A", CLI, "run", "evals/", "--model", "m=modal:app/two"],
      { cwd: `${home}/modal`, env: { ...env, ...modal.variables } },
    );
    assertRecorded(outcome);
    assertEquals(modal.calls.filter((name) => name === "FunctionMap").length, 3);
  });

  await t.step("evaluators that need a package or a process of their own find them", async () => {
    await writeFiles(`${home}/evaluators`, {
      "scores.ts": `
import { codeTests, sqlMatch, validJson } from "jsr:@dotevals/core@^0.1.0";

const made = [
  await validJson("[1]", { schema: { items: { type: "string" } } }),
  await sqlMatch("SELECT 2", "SELECT 1 + 1", { setup: "", timeout: 120_000 }),
  await codeTests("const two = 2", "assert.equal(two, 2)", { timeout: 120_000 }),
  await codeTests("two = 2", "assert two == 2", { language: "python", timeout: 120_000 }),
];
console.log(JSON.stringify(made.map(({ value, metadata }) => [value, metadata])));
`,
    });
    const packages = await npmPackages(env.DENO_DIR);
    assertEquals(packages.filter((name) => /^(ajv|pyodide|autoevals)$/.test(name)), []);
    const { code, stdout, stderr } = await run("evaluators", "--quiet", "scores.ts");
    assertEquals(code, 0, stderr);
    const values = JSON.parse(stdout).map(([value]: readonly unknown[]) => value);
    assertEquals(values, [false, true, true, true], stdout);
  });

  await t.step("a script runs an evaluation with run()", async () => {
    await writeFiles(`${home}/script`, {
      "sums.ts": `${evaluation("jsr:@dotevals/core@^0.1.0")}
import { run } from "jsr:@dotevals/core@^0.1.0";

await using results = await run(sums, { storage: "memory:" });
console.log(JSON.stringify(results.summary()));
`,
    });
    const { code, stdout, stderr } = await run("script", "--quiet", "sums.ts");
    assertEquals(code, 0, stderr);
    const { total, errors } = JSON.parse(stdout);
    assertEquals([total, errors], [3, 0]);
  });
});

/** The packages in Deno's cache at `folder`, scopes included. */
async function npmPackages(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const registry of Deno.readDir(`${folder}/npm`)) {
    if (!registry.isDirectory) continue;
    const packages = `${folder}/npm/${registry.name}`;
    for await (const { name } of Deno.readDir(packages)) {
      if (!name.startsWith("@")) found.push(name);
      else {for await (const inner of Deno.readDir(`${packages}/${name}`)) {
          found.push(`${name}/${inner.name}`);
        }}
    }
  }
  return found.sort();
}

/** An evaluation of three rows that needs no model. */
function evaluation(core: string): string {
  return `import { exactMatch, foreach } from "${core}";

const dataset = [["1 + 1", "2"], ["2 + 2", "4"], ["3 + 3", "7"]] as const;

export const sums = foreach("question,answer", dataset, ({ question, answer }) => {
  const [left, right] = question.split(" + ").map(Number);
  return exactMatch(String((left ?? 0) + (right ?? 0)), answer);
});
`;
}

/** An evaluation of three rows that asks a model. */
function asking(core: string): string {
  return `import { exactMatch, foreach } from "${core}";

const dataset = [["1 + 1", "2"], ["2 + 2", "4"], ["3 + 3", "7"]] as const;

export const sums = foreach("question,answer", dataset, async ({ question, answer }, { model }) =>
  exactMatch((await model.generate(question)).text, answer));
`;
}

function assertRecorded({ code, stdout, stderr }: Finished): void {
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "sums");
}
