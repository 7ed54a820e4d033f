import { assertEquals, assertStringIncludes } from "@std/assert";
import { pluginText } from "../../src/providers/sandbox/testing/plugin_place.ts";
import { runEscapes } from "../sandbox/escapes.ts";
import { registryWithBoth } from "./both_packages.ts";
import { deno, publish, writeFiles } from "./deno_command.ts";

const CLI = "jsr:@dotevals/cli";

Deno.test("plugins of the published packages", async (t) => {
  await using cleanup = new AsyncDisposableStack();
  const home = await Deno.makeTempDir();
  cleanup.defer(() => Deno.remove(home, { recursive: true }));
  await using registry = await registryWithBoth();
  const env = { JSR_URL: registry.url, DENO_DIR: `${home}/deno_dir` };
  const cwd = `${home}/empty`;
  await Deno.mkdir(cwd);
  const dotevals = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    deno(["run", "-A", "--quiet", CLI, ...args], { cwd, env: { ...env, ...more } });

  await t.step("hostile ones get out of their sandbox in no way", async (inner) => {
    await runEscapes(inner, { folder: cwd, core: "jsr:@dotevals/core@^0.1.0", dotevals });
  });

  await t.step("one on JSR is locked, run, and refused once it has changed", async () => {
    await publishPlugin(`${home}/acme`, registry.url, "request");
    const spec = "jsr:@acme/provider";
    const added = await dotevals(["providers", "add", spec, "--yes"]);
    assertEquals(added.code, 0, added.stderr);
    assertStringIncludes(added.stderr, "made of 1 package from jsr");
    await Deno.writeTextFile(`${cwd}/evals/escapes.eval.ts`, ECHOES);
    const ran = await dotevals(["run", "evals/", "--experiment", "jsr", "--model", `${spec}#m`]);
    assertEquals(ran.code, 0, ran.stderr);
    assertStringIncludes(ran.stdout, "1/1       0");

    const kept = `${cwd}/.dotevals/providers`;
    assertEquals(await replaceBelow(kept, "text: request", "text: 'changed'"), 1);
    const tampered = await dotevals([
      "run",
      "evals/",
      "--experiment",
      "j1",
      "--model",
      `${spec}#m`,
    ]);
    assertEquals(tampered.code, 3, `${tampered.stdout}${tampered.stderr}`);

    await Deno.remove(kept, { recursive: true });
    await publishPlugin(`${home}/acme`, registry.url, "'changed'");
    const refused = await dotevals(["run", "evals/", "--experiment", "j2", "--model", `${spec}#m`]);
    assertEquals(refused.code, 3, refused.stderr);
    assertStringIncludes(refused.stderr, "is not what was locked");
  });
});

const ECHOES = `import { exactMatch, foreach } from "jsr:@dotevals/core@^0.1.0";

export const echoes = foreach("text", [["a"]], async ({ text }, { model }) =>
  exactMatch((await model.generate(text)).text, text));
`;

/** Publishes the plugin's one version, whatever was there before. */
async function publishPlugin(folder: string, url: string, text: string): Promise<void> {
  await writeFiles(folder, {
    "deno.json": JSON.stringify({
      name: "@acme/provider",
      version: "1.0.0",
      license: "MIT",
      exports: "./mod.js",
    }),
    "mod.js": pluginText(`return { text: ${text} };`),
  });
  await publish(folder, url);
}

/** Changes files on disk; how many there were. */
async function replaceBelow(folder: string, from: string, to: string): Promise<number> {
  let changed = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) changed += await replaceBelow(path, from, to);
    else if (path.includes("/remote/")) {
      const text = await Deno.readTextFile(path);
      if (!text.includes(from)) continue;
      await Deno.writeTextFile(path, text.replace(from, to));
      changed++;
    }
  }
  return changed;
}
