/**
 * Results in a spool's folder that have not reached their database; looking at them changes nothing.
 *
 * @module
 */
import { join } from "@std/path/join";
import { resolve } from "@std/path/resolve";
import { TextLineStream } from "@std/streams/text-line-stream";
import { openExisting } from "./open_existing.ts";
import { parseHeader } from "./spool_entry.ts";
import { spoolNewer } from "./spool_words.ts";

/** A file of a spool that holds results for a storage. */
export interface WaitingResults {
  /** What messages call the file. */
  readonly path: string;
  readonly experiment: string;
  readonly results: number;
  /** Whether a session has it now, and delivers them. */
  readonly held: boolean;
  /** Whether no evaluation takes them any more. */
  readonly setAside: boolean;
}

/** What a folder holds for the storage of that location. */
export async function waitingResults(
  folder: string,
  location: string,
): Promise<readonly WaitingResults[]> {
  const waiting: WaitingResults[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = await readSpool(path, location);
    if (found === undefined || found.results === 0) continue;
    const held = await isHeld(`${resolve(path)}.lock`);
    waiting.push({ ...found, path, held, setAside: name.endsWith(".set-aside") });
  }
  return waiting;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = (await Array.fromAsync(Deno.readDir(resolve(folder)))).map(({ name }) => name);
    return names.filter((name) => /\.jsonl(\.set-aside)?$/.test(name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** `undefined` for what holds results of another storage, or is no spool. */
async function readSpool(
  path: string,
  location: string,
): Promise<{ readonly experiment: string; readonly results: number } | undefined> {
  const file = await openExisting(resolve(path));
  if (file === undefined) return undefined;
  const lines = file.readable.pipeThrough(new TextDecoderStream()).pipeThrough(
    new TextLineStream(),
  );
  let experiment: string | undefined;
  let results = 0;
  for await (const line of lines) {
    if (experiment === undefined) {
      const header = parseHeader(line);
      if (header?.location !== location) return undefined;
      if (header.isNewer) throw spoolNewer(path);
      experiment = header.experiment;
    } else if (line.startsWith('{"type":"result"') && line.endsWith("}")) results++;
  }
  return experiment === undefined ? undefined : { experiment, results };
}

async function isHeld(lock: string): Promise<boolean> {
  try {
    using file = await Deno.open(lock);
    return !await file.tryLock(true);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
