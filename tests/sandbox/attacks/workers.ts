/**
 * Attacks from workers.
 *
 * @module
 */
import type { Attack } from "./attack.ts";

/** Workers that read, import, fetch, and start workers. */
export const WORKERS: readonly Attack[] = [
  {
    name: "a worker reads",
    code: "return await worker(script(reading(world)));",
    refused: "read",
  },
  {
    name: "a blob worker reads",
    code: "return await worker(blob(reading(world)));",
    refused: "read",
  },
  {
    name: "a worker imports statically",
    code: "return await worker(script(importing(world)));",
    refused: "read",
  },
  {
    name: "a blob worker imports statically",
    code: "return await worker(blob(importing(world)));",
    refused: "read",
  },
  {
    name: "a worker in a worker reads",
    code: "return await worker(script(starting(script(reading(world)))));",
    refused: "read",
  },
  {
    name: "a blob worker in a blob worker reads",
    code: "return await worker(blob(starting(blob(reading(world)))));",
    refused: "read",
  },
  {
    name: "a worker in a worker in a worker reads",
    code: "return await worker(script(starting(script(starting(script(reading(world)))))));",
    refused: "read",
  },
  {
    name: "a worker from a file",
    code: "return await worker('file://' + world.folder + '/worker.js');",
    refused: "read",
  },
  {
    name: "a worker from another origin",
    code: "return await worker(world.other + '/worker.js?' + world.secret);",
    refused: "import",
  },
  {
    name: "a worker from its own origin",
    code: "return await worker(world.own + '/worker.js?' + world.secret);",
    refused: "not cached",
  },
  {
    name: "a worker fetches",
    code: `const url = JSON.stringify(world.other + "/" + world.secret);
      return await worker(script(telling("await fetch(" + url + ")")));`,
    refused: "net",
  },
  {
    name: "a worker reads the environment",
    code: "return await worker(script(telling('Deno.env.get(\"LEFT_OVER\") ?? none()')));",
    refused: "env",
    refusedWithPackages: { says: /not set/, because: "variables are not set for packages" },
  },
  {
    name: "node:worker_threads",
    code: `const { Worker: Thread } = await import("node:worker_threads");
      const file = JSON.stringify(world.folder + "/secret.txt");
      const text = "const { parentPort } = require('node:worker_threads');" +
        "try { parentPort.postMessage({ text: require('node:fs').readFileSync(" + file + ", 'utf8') }); }" +
        "catch (error) { parentPort.postMessage({ error: String(error) }); }";
      return await new Promise((resolve, reject) => {
        const thread = new Thread(text, { eval: true });
        thread.on("message", ({ text, error }) => { thread.terminate(); error ? reject(new Error(error)) : resolve(text); });
        thread.on("error", reject);
      });`,
    refused: "read",
  },
];
