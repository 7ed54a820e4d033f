import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { DotevalsError } from "../../src/errors.ts";
import { downloadLocked, downloadNew } from "../../src/providers/lock/download.ts";
import type { SandboxSource } from "../../src/providers/sandbox/flags.ts";
import { NOTHING } from "../../src/providers/sandbox/grant.ts";
import { DEFAULT_LIMITS } from "../../src/providers/sandbox/limits.ts";
import { sandboxedModel } from "../../src/providers/sandbox/sandboxed_model.ts";
import { serveModules } from "../../src/providers/sandbox/testing/module_server.ts";
import { pluginText } from "../../src/providers/sandbox/testing/plugin_place.ts";
import { serveNpmPackage } from "./npm_registry.ts";

const PACKAGE = "acme-provider";
const SECRET = "secret-in-a-name";

/** Imports what a request names; else says what variables and machine it sees. */
const PLUGIN = pluginText(`if (request === "see") {
    const { default: process } = await import("node:process");
    const { default: os } = await import("node:os");
    return { text: JSON.stringify([process.env.HOME ?? null, os.hostname()]) };
  }
  await import(request);
  return { text: "imported" };`);

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "dotevals" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function start(
  source: SandboxSource,
  env: (name: string) => string | undefined,
  flags?: readonly string[],
) {
  return sandboxedModel({
    source,
    grant: NOTHING,
    flags,
    limits: DEFAULT_LIMITS,
    clock: systemClock,
    env,
    log() {},
    name: "acme",
    spec: "m",
    options: {},
    check() {},
  }, new AbortController().signal);
}

Deno.test("plugins, of npm or not, send nothing to a registry", async (t) => {
  await using folder = await temporaryFolder();
  await using registry = serveNpmPackage(PACKAGE, PLUGIN);
  await using own = serveModules({
    "/plain.js": PLUGIN,
    "/packaged.js": `import "npm:${PACKAGE}";\n${PLUGIN}`,
  });
  const env = (name: string) =>
    ["JSR_URL", "NPM_CONFIG_REGISTRY"].includes(name) ? `${registry.origin}/` : undefined;
  for (const page of ["plain", "packaged"]) {
    const url = `${own.origin}/${page}.js`;
    const { source } = await downloadNew(url, { cwd: folder.path, env });
    assertEquals(source.hasNpm, page === "packaged");
    for (const specifier of [`npm:${SECRET}`, `jsr:@leak/${SECRET}`]) {
      await t.step(`a ${page} one imports ${specifier.replace(SECRET, "…")}`, async () => {
        await using free = await start(
          source,
          env,
          ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "-A"],
        );
        registry.requests.length = 0;
        await assertRejects(() => free.model.generate(specifier));
        assert(registry.requests.some((path) => path.includes(SECRET)), "it fails by itself");

        registry.requests.length = 0;
        await using handle = await start(source, env);
        const error = await assertRejects(() => handle.model.generate(specifier), Error);
        assertMatch(
          error.message,
          /cached-only|no-npm|import access|not found in cache/i,
        );
        assertEquals(registry.requests, []);
      });
    }
  }
});

Deno.test("a plugin of npm is locked with its package, and refused once that has changed", async () => {
  await using folder = await temporaryFolder();
  await using registry = serveNpmPackage(PACKAGE, PLUGIN);
  const env = (name: string) =>
    name === "NPM_CONFIG_REGISTRY" ? `${registry.origin}/` : name === "HOME" ? "/me" : undefined;
  const url = `npm:${PACKAGE}`;
  const { source, modules } = await downloadNew(url, { cwd: folder.path, env });
  {
    await using handle = await start(source, env);
    assertEquals((await handle.model.generate("see")).text, '[null,"localhost"]');
  }
  await Deno.remove(`${folder.path}/.dotevals/providers`, { recursive: true });
  registry.text = `${PLUGIN}// changed`;
  const error = await assertRejects(
    () => downloadLocked(url, { cwd: folder.path, env, modules }),
    DotevalsError,
  );
  assertEquals(error.code, "provider-changed", error.message);
  assertStringIncludes(error.message, "is not what was locked");
});
