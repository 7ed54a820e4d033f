/**
 * Attacks on the environment, and on Deno from the inside.
 *
 * @module
 */
import type { Attack, Refusal } from "./attack.ts";

const NOT_SET: Refusal = { says: /not set/, because: "variables are not set for packages" };

/** What is left over of the parent's environment. */
const ENVIRONMENT: readonly Attack[] = [
  {
    name: "Deno.env.get",
    code: "return Deno.env.get('LEFT_OVER') ?? none();",
    refused: "env",
    refusedWithPackages: NOT_SET,
  },
  {
    name: "Deno.env.toObject",
    code: "return Deno.env.toObject().LEFT_OVER ?? none();",
    refused: "env",
    refusedWithPackages: NOT_SET,
  },
  {
    name: "process.env",
    code: "return (await import('node:process')).default.env.LEFT_OVER ?? none();",
    refused: "env",
    refusedWithPackages: NOT_SET,
  },
  {
    name: "all of process.env",
    code: "return { ...(await import('node:process')).default.env }.LEFT_OVER ?? none();",
    refused: "env",
    refusedWithPackages: NOT_SET,
  },
];

/** What Deno could be made to believe. */
const DENO: readonly Attack[] = [
  {
    name: "Deno.permissions.request",
    code: `for (const name of ["read", "net", "env", "run", "ffi", "sys", "write", "import"]) {
        await Deno.permissions.request({ name });
      }
      return await Deno.readTextFile(world.folder + "/secret.txt");`,
    refused: "read",
  },
  {
    name: "changed primordials",
    code: `const { includes } = Array.prototype, { startsWith } = String.prototype;
      Object.prototype.read = true;
      Object.prototype.permissions = "inherit";
      Array.prototype.includes = () => true;
      String.prototype.startsWith = () => true;
      try { return await Deno.readTextFile(world.folder + "/secret.txt"); }
      finally {
        delete Object.prototype.read;
        delete Object.prototype.permissions;
        Array.prototype.includes = includes;
        String.prototype.startsWith = startsWith;
      }`,
    refused: "read",
  },
  {
    name: "Deno's internals",
    code: `const { ops } = Deno[Deno.internal].core;
      const read = Object.entries(ops).find(([name]) => /read_file_text|read_text_file/.test(name))?.[1];
      return read ? read(world.folder + "/secret.txt") : Deno.readTextFileSync(world.folder + "/secret.txt");`,
    refused: "read",
  },
  {
    name: "node:vm",
    code: `const vm = await import("node:vm");
      return vm.runInNewContext("D.readTextFileSync(path)", { D: Deno, path: world.folder + "/secret.txt" });`,
    refused: "read",
  },
  {
    name: "a session of node:inspector",
    code: `const { Session } = await import("node:inspector");
      const session = new Session();
      session.connect();
      const expression = "Deno.readTextFileSync(" + JSON.stringify(world.folder + "/secret.txt") + ")";
      return await new Promise((resolve) => {
        session.post("Runtime.evaluate", { expression }, (_error, { result }) => resolve(result.value));
      });`,
    refused: "sys",
  },
  {
    name: "functions of the stack",
    code: `const frames = [];
      Error.prepareStackTrace = (_error, sites) => sites;
      for (const site of new Error().stack) frames.push(site.getFunction?.(), site.getThis?.());
      Error.prepareStackTrace = undefined;
      const found = frames.find((each) => typeof each?.readTextFileSync === "function") ?? Deno;
      return found.readTextFileSync(world.folder + "/secret.txt");`,
    refused: "read",
  },
];

/** All of these. */
export const INSIDES: readonly Attack[] = [...ENVIRONMENT, ...DENO];
