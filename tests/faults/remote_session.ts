/**
 * A program that runs twenty items into a remote database, with a lease of one second. Its
 * arguments are the database's address, the folder of the spool, the experiment, and a file
 * which, where it is given, has to be there before the second half of the items ends.
 *
 * @module
 */
import { DotevalsError, exactMatch, foreach, openStorage, run } from "../../mod.ts";
import { pause } from "./remote_place.ts";

const [url = "", spool = "", experiment = "", go] = Deno.args;

export const held = foreach(
  "n",
  Array.from({ length: 20 }, (_, n) => n),
  { concurrency: 4 },
  async ({ n }) => {
    if (go !== undefined && n >= 10) {
      await Deno.stdout.write(new TextEncoder().encode("waiting\n"));
      while (!await isThere(go)) await pause(10);
    }
    return exactMatch(n, n % 3 === 0 ? "nothing" : n);
  },
);

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  try {
    await using storage = await openStorage(url, { mode: "write", spool, leaseMs: 1_000 });
    await using _results = await run(held, { storage, experiment });
    return 0;
  } catch (error) {
    if (!(error instanceof DotevalsError)) throw error;
    await Deno.stderr.write(new TextEncoder().encode(`${error.message}\n${error.hint}\n`));
    return error.exitCode;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
