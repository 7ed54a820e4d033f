/**
 * What a database server, and the spool of a machine, hold of the one experiment there is.
 *
 * @module
 */
import { join } from "@std/path/join";
import { DotevalsError } from "../../src/errors.ts";
import { openStorage } from "../../src/storage/open.ts";

/** How often each position is recorded in the database; once where it is only in the spool. */
export async function storedRemotely(
  url: string,
  spool: string,
): Promise<ReadonlyMap<number, number>> {
  const times = new Map<number, number>();
  for (const position of await positionsAt(url)) {
    times.set(position, (times.get(position) ?? 0) + 1);
  }
  for (const position of await positionsIn(spool)) {
    if (!times.has(position)) times.set(position, 1);
  }
  return times;
}

/** The positions of the results that a folder's spool files hold. */
export async function positionsIn(folder: string): Promise<readonly number[]> {
  const positions: number[] = [];
  for (const name of await filesIn(folder)) {
    if (!name.endsWith(".jsonl")) continue;
    const lines = (await Deno.readTextFile(join(folder, name))).split("\n").slice(0, -1);
    for (const line of lines) {
      const { type, record } = JSON.parse(line);
      if (type === "result") positions.push(record.position);
    }
  }
  return positions;
}

/** The positions of the results that a database holds. */
export async function positionsAt(url: string): Promise<readonly number[]> {
  try {
    await using storage = await openStorage(url, { mode: "read" });
    const [experiment] = await storage.experiments();
    const [evaluation] = experiment ? await storage.evaluations(experiment.name) : [];
    const records = evaluation ? await Array.fromAsync(storage.records(evaluation.id)) : [];
    return records.map(({ position }) => position);
  } catch (error) {
    if (error instanceof DotevalsError && error.code === "no-storage") return [];
    throw error;
  }
}

/** The names of a folder's files; none where there is no folder. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
