import { assert, assertEquals } from "@std/assert";
import { heavyAtStart, unpublishedImports, wrongDirections } from "./import_directions/check.ts";
import { type Import, type ImportGraph, readImportGraph } from "./import_directions/graph.ts";
import { EMPTY_NAMES } from "./import_directions/rules.ts";

const ROOT = new URL("../", import.meta.url);

/** The packages of vendors, which only a run that names their provider may load. */
const VENDORS = /^(@(aws.*|smithy|grpc|ai-sdk)\/|nice-grpc|(modal|ai)$)/;

Deno.test("src and providers import in the design's directions only", async () => {
  const files = [
    ...await sources(new URL("src/", ROOT)),
    ...await sources(new URL("providers/", ROOT)),
  ];
  const graph = await readImportGraph(files);
  assertEquals(wrongDirections(graph, ROOT), []);
});

Deno.test("what is published imports nothing that publishing leaves out", async () => {
  const files = [
    ...["mod.ts", "cli.ts", "testing.ts"].map((name) => new URL(name, ROOT)),
    ...await sources(new URL("src/", ROOT)),
    ...await sources(new URL("providers/", ROOT)),
  ];
  assertEquals(unpublishedImports(await readImportGraph(files), ROOT), []);
});

Deno.test("what cli.ts loads at its start has no npm package but leaf files of @std", async () => {
  const entry = new URL("cli.ts", ROOT);
  assertEquals(heavyAtStart(await readImportGraph([entry]), entry, ROOT), []);
});

Deno.test("openai: is loaded without the official client, which a chat completion does not need", async () => {
  const entry = new URL("providers/openai.ts", ROOT);
  const chains = heavyAtStart(await readImportGraph([entry]), entry, ROOT);
  assertEquals([...new Set(chains.map((chain) => chain.split(" > ").at(-1)))], ["valibot"]);
});

Deno.test("what mod.ts loads has nothing of a provider or its vendor", async () => {
  const entry = new URL("mod.ts", ROOT);
  const heavy = heavyAtStart(await readImportGraph([entry]), entry, ROOT);
  assertEquals(heavy.filter((chain) => VENDORS.test(packageOf(chain))), []);
  assertEquals(heavy.filter((chain) => chain.includes("> providers/")), []);
});

Deno.test("what mod.ts loads has none of the packages that are loaded when they are needed", async () => {
  const entry = new URL("mod.ts", ROOT);
  const heavy = heavyAtStart(await readImportGraph([entry]), entry, ROOT);
  const lazy = /^(ajv|autoevals|pyodide|hyparquet|@libsql\/client)/;
  assertEquals(heavy.filter((chain) => lazy.test(packageOf(chain))), []);
  const issues = new URL("src/evaluators/ajv_issues.ts", ROOT);
  const loaded = heavyAtStart(await readImportGraph([issues]), issues, ROOT).map(packageOf);
  assert(loaded.some((name) => lazy.test(name)));
});

Deno.test("each built-in provider loads the packages of its own vendor only", async () => {
  const own: Readonly<Record<string, RegExp>> = {
    "sagemaker.ts": /^@(aws-sdk\/client-sagemaker-runtime|smithy\/fetch-http-handler)$/,
    "ai.ts": /^ai$/,
    "modal.ts": /^(modal|nice-grpc.*|@grpc\/.*)$/,
  };
  const foreign: string[] = [];
  let vendors = 0;
  for await (const { name } of Deno.readDir(new URL("providers/", ROOT))) {
    if (!/^[a-z]\w*\.ts$/.test(name) || name.endsWith("_test.ts")) continue;
    const entry = new URL(`providers/${name}`, ROOT);
    const chains = heavyAtStart(await readImportGraph([entry]), entry, ROOT);
    const found = chains.filter((chain) => VENDORS.test(packageOf(chain)));
    vendors += found.length;
    foreign.push(...found.filter((chain) => !own[name]?.test(packageOf(chain))));
  }
  assertEquals(foreign, []);
  assert(vendors > 0);
});

Deno.test("built-in providers import only what mod.ts exports", async () => {
  const exported = new Set(await exportedNames(new URL("mod.ts", ROOT)));
  const hidden: string[] = [];
  for (const file of await sources(new URL("providers/", ROOT))) {
    for (const name of await importedNames(file)) {
      if (!exported.has(name)) hidden.push(`${file.href.slice(ROOT.href.length)} imports ${name}`);
    }
  }
  assertEquals(hidden, []);
});

Deno.test("no file is named by a word that says nothing", async () => {
  const named: string[] = [];
  for (const folder of ["src", "providers", "packages", "tests", "bench", "tasks", "examples"]) {
    for (const file of await sources(new URL(`${folder}/`, ROOT), true)) {
      const words = file.pathname.slice(ROOT.pathname.length).split(/[/_.]/);
      if (words.some((word) => EMPTY_NAMES.includes(word))) named.push(file.pathname);
    }
  }
  assertEquals(named, []);
});

Deno.test("wrongDirections() names the file, the import and the rule", () => {
  const graph = graphOf({
    "src/errors.ts": [],
    "src/metrics/mean.ts": [to("../evaluation/score.ts", "src/evaluation/score.ts")],
    "src/evaluation/score.ts": [
      to("../providers/model.ts", "src/providers/model.ts", true),
      to("../storage/storage.ts", "src/storage/storage.ts", true),
      to("../providers/model.ts", "src/providers/model.ts"),
      to("../../mod.ts", "mod.ts"),
    ],
    "providers/echo.ts": [to("../src/run/run.ts", "src/run/run.ts")],
    "src/novel/file.ts": [],
  });
  assertEquals(wrongDirections(graph, new URL("file:///p/")), [
    'src/evaluation/score.ts imports types of "../storage/storage.ts": evaluation may import types of evaluation, base, values, providers',
    'src/evaluation/score.ts imports "../providers/model.ts": evaluation may import evaluation, base, values',
    'src/evaluation/score.ts imports "../../mod.ts": evaluation may import evaluation, base, values',
    'providers/echo.ts imports "../src/run/run.ts": builtin may import builtin, base, providers',
    'src/novel/file.ts: the folder "novel" has no rule in rules.ts',
  ]);
});

Deno.test("unpublishedImports() names files that are called as tests are, and those of tests", () => {
  const graph = graphOf({
    "src/report/compare.ts": [
      to("../stats/sign_test.ts", "src/stats/sign_test.ts"),
      to("../testing.ts", "src/testing.ts"),
      to("./testing/samples.ts", "src/report/testing/samples.ts", true),
    ],
    "src/report/testing/samples.ts": [to("./more_test.ts", "src/report/testing/more_test.ts")],
  });
  assertEquals(unpublishedImports(graph, new URL("file:///p/")), [
    'src/report/compare.ts imports "../stats/sign_test.ts"',
    'src/report/compare.ts imports "./testing/samples.ts"',
  ]);
});

Deno.test("heavyAtStart() shows the chain of imports that leads to a package", () => {
  const graph = graphOf({
    "cli.ts": [to("./src/cli/main.ts", "src/cli/main.ts"), {
      specifier: "@std/path",
      target: "file:///p/packages/std/path/mod.ts",
      typeOnly: false,
    }],
    "src/cli/main.ts": [
      to("./types.ts", "src/cli/types.ts", true),
      { specifier: "openai", target: "npm:/openai@6.49.0", typeOnly: false },
      {
        specifier: "@std/path/join",
        target: "file:///p/packages/std/path/join.ts",
        typeOnly: false,
      },
    ],
    "src/cli/types.ts": [{ specifier: "ajv", target: "npm:/ajv@8.0.0", typeOnly: false }],
  });
  const root = new URL("file:///p/");
  assertEquals(heavyAtStart(graph, new URL("cli.ts", root), root), [
    "cli.ts > src/cli/main.ts > openai",
    "cli.ts > @std/path: no leaf",
  ]);
});

async function sources(folder: URL, withTests = false): Promise<URL[]> {
  const files: URL[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory && (withTests || entry.name !== "testing")) {
      files.push(...await sources(new URL(`${entry.name}/`, folder), withTests));
    } else if (entry.name.endsWith(".ts") && (withTests || !/_test(_\w+)?\.ts$/.test(entry.name))) {
      files.push(new URL(entry.name, folder));
    }
  }
  return files.sort((a, b) => a.href < b.href ? -1 : 1);
}

async function exportedNames(file: URL): Promise<string[]> {
  const text = await Deno.readTextFile(file);
  return [...text.matchAll(/^export\s+(?:type\s+)?\{([^}]*)\}/gm)].flatMap(([, names]) =>
    split(names)
  );
}

/** The names that `file` imports from `src/`. */
async function importedNames(file: URL): Promise<string[]> {
  const text = await Deno.readTextFile(file);
  const clauses = text.matchAll(/^import\s+(?:type\s+)?\{([^}]*)\}\s*from\s*"(\.[^"]*)"/gm);
  const src = new URL("src/", ROOT).href;
  return [...clauses].flatMap(([, names, from]) =>
    new URL(from ?? "", file).href.startsWith(src) ? split(names) : []
  );
}

/** The package at the end of a chain of imports. */
function packageOf(chain: string): string {
  return chain.split(" > ").at(-1) ?? "";
}

/** The names in the braces of an import or export. */
function split(names = ""): string[] {
  return names.split(",").map((name) => name.trim().replace(/^type\s+/, "")).filter(Boolean);
}

function graphOf(files: Record<string, readonly Import[]>): ImportGraph {
  return new Map(
    Object.entries(files).map(([path, imports]) => [`file:///p/${path}`, imports]),
  );
}

function to(specifier: string, path: string, typeOnly = false): Import {
  return { specifier, target: `file:///p/${path}`, typeOnly };
}
