import { assertEquals } from "@std/assert";
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
