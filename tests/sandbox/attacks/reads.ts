/**
 * Attacks that read files.
 *
 * @module
 */
import type { Attack } from "./attack.ts";

/** Every API that reads, or says what is there. */
export const READS: readonly Attack[] = [
  {
    name: "Deno.readTextFile",
    code: "return await Deno.readTextFile(world.folder + '/secret.txt');",
    refused: "read",
  },
  {
    name: "Deno.open",
    code: `using file = await Deno.open(world.folder + "/secret.txt");
      return await new Response(file.readable).text();`,
    refused: "read",
  },
  {
    name: "Deno.readDir",
    code: `for await (const { name } of Deno.readDir(world.folder)) {
        if (name === "secret.txt") return world.secret;
      }`,
    refused: "read",
  },
  {
    name: "Deno.stat",
    code: "return (await Deno.stat(world.folder + '/secret.txt')).isFile && world.secret;",
    refused: "read",
  },
  {
    name: "Deno.realPath",
    code: "return await Deno.realPath(world.folder) === world.folder && world.secret;",
    refused: "read",
  },
  {
    name: "Deno.watchFs",
    code: "Deno.watchFs(world.folder).close(); return world.secret;",
    refused: "read",
  },
  {
    name: "Deno.chdir",
    code: "Deno.chdir(world.folder); return Deno.cwd() === world.folder && world.secret;",
    refused: "read",
  },
  {
    name: "fetch of a file",
    code: "return await (await fetch('file://' + world.folder + '/secret.txt')).text();",
    refused: "read",
  },
  {
    name: "node:fs",
    code: "return (await import('node:fs')).readFileSync(world.folder + '/secret.txt', 'utf8');",
    refused: "read",
  },
  {
    name: "node:fs/promises",
    code: `const { readFile } = await import("node:fs/promises");
      return await readFile(world.folder + "/secret.txt", "utf8");`,
    refused: "read",
  },
  {
    name: "node:fs openAsBlob",
    code: `const { openAsBlob } = await import("node:fs");
      return await (await openAsBlob(world.folder + "/secret.txt")).text();`,
    refused: "read",
  },
  {
    name: "node:fs watch",
    code: `const { watch } = await import("node:fs");
      return await new Promise((resolve, reject) => {
        const watcher = watch(world.folder);
        const end = (settle, value) => { clearInterval(timer); watcher.close(); settle(value); };
        watcher.on("change", () => end(resolve, world.secret));
        watcher.on("error", (error) => end(reject, error));
        const timer = setInterval(() => Deno.utime(world.folder + "/secret.txt", 1, 1).catch(() => {}), 50);
      });`,
    refused: "read",
  },
  {
    name: "process.getBuiltinModule",
    code: `const { default: process } = await import("node:process");
      return process.getBuiltinModule("fs").readFileSync(world.folder + "/secret.txt", "utf8");`,
    refused: "read",
  },
  {
    name: "node:sqlite",
    code: `const { DatabaseSync } = await import("node:sqlite");
      new DatabaseSync(world.folder + "/written.db").exec("create table a (b)");
      return world.secret;`,
    refused: "read",
  },
  {
    name: "node:wasi",
    code: `const { WASI } = await import("node:wasi");
      new WASI({ version: "preview1", preopens: { "/": world.folder } });
      return world.secret;`,
    refused: {
      says: /uvwasi_init: failed to open preopen/,
      because: "WASI has errors of its own, without a cause",
    },
  },
  {
    name: "the parent's file descriptors",
    code: `const folder = "/proc/" + Deno.ppid + "/fd";
      for (const { name } of Deno.readDirSync(folder)) {
        const target = (() => { try { return Deno.readLinkSync(folder + "/" + name); } catch { return ""; } })();
        if (target.endsWith("/secret.txt")) return Deno.readTextFileSync(folder + "/" + name);
      }`,
    refused: "read",
  },
  {
    name: "the parent's memory map",
    code: "Deno.readTextFileSync('/proc/' + Deno.ppid + '/maps'); return world.secret;",
    refused: "read",
  },
  {
    name: "the parent's environment",
    code: "Deno.readTextFileSync('/proc/' + Deno.ppid + '/environ'); return world.secret;",
    refused: "read",
  },
  {
    name: "/proc/self/environ",
    code: "return Deno.readTextFileSync('/proc/self/environ');",
    refused: "read",
  },
  {
    name: "/proc/self/cmdline",
    code: "Deno.readTextFileSync('/proc/self/cmdline'); return world.secret;",
    refused: "read",
  },
];
