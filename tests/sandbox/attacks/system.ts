/**
 * Attacks on files, processes and the machine.
 *
 * @module
 */
import type { Attack } from "./attack.ts";

/** Writes, and what is kept for another run. */
const WRITES: readonly Attack[] = [
  {
    name: "Deno.writeTextFile",
    code: "await Deno.writeTextFile(world.folder + '/written', world.secret); return world.secret;",
    refused: "write",
  },
  {
    name: "Deno.makeTempDir",
    code: "await Deno.remove(await Deno.makeTempDir()); return world.secret;",
    refused: "write",
  },
  {
    name: "Deno.remove",
    code: "await Deno.remove(world.folder + '/removable'); return world.secret;",
    refused: "write",
  },
  {
    name: "Deno.symlink",
    code: `await Deno.symlink(world.folder + "/secret.txt", world.folder + "/written.link");
      return world.secret;`,
    refused: "read",
  },
  {
    name: "Deno.link",
    code: `await Deno.link(world.folder + "/secret.txt", world.folder + "/written.hard");
      return world.secret;`,
    refused: "read",
  },
  {
    name: "node:fs copy",
    code: `const { cpSync } = await import("node:fs");
      cpSync(world.folder + "/secret.txt", world.folder + "/written.copy");
      return world.secret;`,
    refused: "read",
  },
  {
    name: "node:v8 heap snapshot",
    code: `(await import("node:v8")).writeHeapSnapshot(world.folder + "/written.heap");
      return world.secret;`,
    refused: "write",
  },
  {
    name: "localStorage",
    code: "localStorage.setItem('left', world.secret); return localStorage.getItem('left');",
    refused: {
      says: /^Error: Not a directory/,
      because: "it needs no permission; where Deno would keep it, there is no folder",
    },
  },
  {
    name: "caches",
    code: `const cache = await caches.open("left");
      await cache.put("http://a/b", new Response(world.secret));
      return await (await cache.match("http://a/b")).text();`,
    refused: {
      says: /^Error: Failed to create cache storage directory/,
      because: "it needs no permission; where Deno would keep it, there is no folder",
    },
  },
];

/** Programs, libraries and signals. */
const PROCESSES: readonly Attack[] = [
  {
    name: "Deno.Command",
    code: `const args = [world.folder + "/secret.txt"];
      const { stdout } = await new Deno.Command("/bin/cat", { args }).output();
      return new TextDecoder().decode(stdout);`,
    refused: "run",
  },
  {
    name: "node:child_process",
    code: `const { spawn } = await import("node:child_process");
      return await new Promise((resolve, reject) => {
        const started = spawn("/bin/cat", [world.folder + "/secret.txt"], { env: {} });
        started.on("error", reject);
        started.stdout?.on("data", (bytes) => resolve(String(bytes)));
      });`,
    refused: {
      says: /Requires env access to "NODE_V8_COVERAGE"/,
      because: "node:child_process looks at a variable before it starts anything",
    },
    refusedWithPackages: "run",
  },
  {
    name: "a signal to the parent",
    code: "Deno.kill(Deno.ppid, 'SIGCONT'); return world.secret;",
    refused: "run",
  },
  {
    name: "process.kill",
    code: `const { default: process } = await import("node:process");
      process.kill(process.ppid, "SIGCONT");
      return world.secret;`,
    refused: "run",
  },
  {
    name: "a question whether the parent is there",
    code: `const { default: process } = await import("node:process");
      process.kill(process.ppid, 0);
      return world.secret;`,
    refused: "run",
  },
  {
    name: "Deno.dlopen",
    code: `const library = Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } });
      return library.symbols.getpid() === Deno.pid && world.secret;`,
    refused: "ffi",
  },
  {
    name: "process.dlopen",
    code: `const { default: process } = await import("node:process");
      try { process.dlopen({ exports: {} }, world.folder + "/secret.txt"); }
      catch (error) { if (/invalid ELF header|file too short/.test(error.message)) return world.secret; throw error; }`,
    refused: "ffi",
  },
  {
    name: "Deno.UnsafePointer",
    code: "return Deno.UnsafePointer.create(1n) && world.secret;",
    refused: "ffi",
  },
];

/** What the machine is. */
const MACHINE: readonly Attack[] = [
  { name: "Deno.hostname", code: "return Deno.hostname() && world.secret;", refused: "sys" },
  {
    name: "Deno.systemMemoryInfo",
    code: "return Deno.systemMemoryInfo().total && world.secret;",
    refused: "sys",
  },
  {
    name: "Deno.networkInterfaces",
    code: "return Deno.networkInterfaces() && world.secret;",
    refused: "sys",
  },
  { name: "Deno.uid", code: "return Deno.uid() !== null && world.secret;", refused: "sys" },
  { name: "Deno.osRelease", code: "return Deno.osRelease() && world.secret;", refused: "sys" },
  {
    name: "node:os",
    code: "return (await import('node:os')).userInfo() && world.secret;",
    refused: "sys",
  },
  {
    name: "process.report",
    code: `const { default: process } = await import("node:process");
      return process.report.getReport() && world.secret;`,
    refused: "sys",
  },
  {
    name: "node:os setPriority",
    code: "(await import('node:os')).setPriority(0, 1); return world.secret;",
    refused: "sys",
  },
];

/** All of these. */
export const SYSTEM: readonly Attack[] = [...WRITES, ...PROCESSES, ...MACHINE];
