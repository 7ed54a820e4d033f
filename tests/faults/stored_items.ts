/**
 * What a database file holds, read from a copy: reading it in place would repair what a killed
 * session left.
 *
 * @module
 */
import { join } from "@std/path/join";
import { DotevalsError } from "../../src/errors.ts";
import { openStorage } from "../../src/storage/open.ts";

/** How often each position is recorded in the one experiment of a database. */
export async function storedItems(folder: string): Promise<ReadonlyMap<number, number>> {
  const times = new Map<number, number>();
  const copy = await Deno.makeTempDir({ prefix: "dotevals" });
  try {
    for await (const { name } of entries(folder)) {
      // Those come and go.
      if (name.endsWith(".lock")) continue;
      await Deno.copyFile(join(folder, name), join(copy, name));
    }
    await using storage = await openStorage(`file:${join(copy, "dotevals.db")}`, { mode: "read" });
    for (const { name } of await storage.experiments()) {
      for (const { id } of await storage.evaluations(name)) {
        for await (const { position } of storage.records(id)) {
          times.set(position, (times.get(position) ?? 0) + 1);
        }
      }
    }
  } catch (error) {
    // Killed before it had made the tables.
    if (!(error instanceof DotevalsError && error.code === "no-storage")) throw error;
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
  return times;
}

async function* entries(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    for await (const entry of Deno.readDir(folder)) if (!entry.name.endsWith("-shm")) yield entry;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
