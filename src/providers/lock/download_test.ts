import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../../errors.ts";
import { serveModules } from "../sandbox/testing/module_server.ts";
import { downloadLocked, downloadNew } from "./download.ts";

Deno.test("several downloads of the same modules at once share one place, and leave nothing else", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await using server = serveModules({ "/plugin.js": "export default 1;" });
    const url = `${server.origin}/plugin.js`;
    const env = () => undefined;
    const { modules, source } = await downloadNew(url, { cwd, env });
    await Deno.remove(`${cwd}/.dotevals/providers`, { recursive: true });
    const all = await Promise.all(
      Array.from({ length: 4 }, () => downloadLocked(url, { cwd, env, modules })),
    );
    assertEquals(all, [source, source, source, source]);
    const left = await Array.fromAsync(Deno.readDir(`${cwd}/.dotevals/providers`));
    assertEquals(left.map(({ name }) => `${cwd}/.dotevals/providers/${name}`), [source.cacheDir]);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("a download whose lock file was changed on disk is fetched anew", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await using server = serveModules({ "/plugin.js": "export default 1;" });
    const url = `${server.origin}/plugin.js`;
    const env = () => undefined;
    const { modules, source } = await downloadNew(url, { cwd, env });
    await Deno.writeTextFile(source.lockPath ?? "", "{}");
    server.requests.length = 0;
    assertEquals(await downloadLocked(url, { cwd, env, modules }), source);
    assertEquals(server.requests.length, 1);
    assertEquals(await Deno.readTextFile(source.lockPath ?? ""), JSON.stringify(modules));
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("what a killed download left is deleted by a later one, and what is under way is not", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await using server = serveModules({ "/plugin.js": "export default 1;" });
    const folder = `${cwd}/.dotevals/providers`;
    for (const name of ["new-killed", "new-under-way"]) {
      await Deno.mkdir(`${folder}/${name}/remote`, { recursive: true });
    }
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await Deno.utime(`${folder}/new-killed`, longAgo, longAgo);
    const { source } = await downloadNew(`${server.origin}/plugin.js`, {
      cwd,
      env: () => undefined,
    });
    const left = await Array.fromAsync(Deno.readDir(folder), ({ name }) => `${folder}/${name}`);
    assertEquals(left.sort(), [source.cacheDir, `${folder}/new-under-way`].sort());
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("a lock that leads to another origin is refused, and nobody is asked for anything", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await using server = serveModules({ "/plugin.js": "export default 1;" });
    const url = `${server.origin}/plugin.js`;
    const env = () => undefined;
    const { modules } = await downloadNew(url, { cwd, env });
    server.requests.length = 0;
    for (const to of ["https://evil.test/plugin.js", "evil"]) {
      const changed = { ...modules, redirects: { [url]: to } };
      const error = await assertRejects(
        () => downloadLocked(url, { cwd, env, modules: changed }),
        DotevalsError,
      );
      assertEquals(error.code, "provider-redirected");
    }
    assertEquals(server.requests, []);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("a lock with another plugin's hashes is refused", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await using server = serveModules({ "/one.js": "export default 1;", "/two.js": "export {};" });
    const env = () => undefined;
    const { modules } = await downloadNew(`${server.origin}/one.js`, { cwd, env });
    const error = await assertRejects(
      () => downloadLocked(`${server.origin}/two.js`, { cwd, env, modules }),
      DotevalsError,
    );
    assertEquals(error.code, "provider-changed");
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("an origin that never answers is given up", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const url = `http://127.0.0.1:${listener.addr.port}/plugin.js`;
    const error = await assertRejects(
      () => downloadNew(url, { cwd, env: () => undefined, limitMs: 100 }),
      DotevalsError,
    );
    assertStringIncludes(error.message, "could not be downloaded: it had not come after 0.1 s");
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("what could not be downloaded is said in a line, with the way out", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await using server = serveModules({
      "/imports.js": 'import "./missing.js";',
      "/leads.js": 'import "http://localhost:9/x.js";',
    });
    for (
      const [path, message, hint] of [
        ["/nowhere.js", 'Module not found "', "how the address is spelled"],
        ["/imports.js", "/missing.js", "Its publisher has to mend it"],
        ["/leads.js", 'it leads to "localhost:9", from which it may not import', "its own host"],
      ] as const
    ) {
      const error = await assertRejects(
        () => downloadNew(`${server.origin}${path}`, { cwd, env: () => undefined }),
        DotevalsError,
      );
      assertStringIncludes(error.message, message);
      assertStringIncludes(error.hint ?? "", hint);
    }
    const error = await assertRejects(
      () => downloadNew("http://127.0.0.1:1/plugin.js", { cwd, env: () => undefined }),
      DotevalsError,
    );
    assertEquals(error.message.split("\n").length, 1, error.message);
    assertStringIncludes(error.hint ?? "", "online");
    const left = await Array.fromAsync(Deno.readDir(`${cwd}/.dotevals/providers`));
    assertEquals(left, []);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
