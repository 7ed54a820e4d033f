/**
 * Files that are there as a whole, or not at all.
 *
 * @module
 */
import { dirname } from "@std/path/dirname";
import { DotevalsError, messageOf } from "../errors.ts";
import { writeAll } from "../write_all.ts";
import { onInterrupt } from "./interrupt.ts";
import { chunksOf, type Pieces } from "./write_pieces.ts";

/**
 * Makes sure that a file can be written later: its folder is made where there is none, and tried.
 * Messages call the file by the name that the user gave it.
 *
 * @throws {DotevalsError} `file-not-writable`
 */
export async function checkWritable(
  path: string,
  { what, name }: { readonly what: string; readonly name: string },
): Promise<void> {
  try {
    const there = await infoOf(path);
    if (there?.isDirectory) throw new TypeError("it is a folder");
    if (there !== undefined && !there.isFile) return;
    const target = there === undefined ? path : await Deno.realPath(path);
    if (there !== undefined && await isDatabase(target)) throw new TypeError("it is a database");
    await Deno.mkdir(dirname(target), { recursive: true });
    const tried = temporary(target);
    await Deno.writeFile(tried, new Uint8Array());
    await Deno.remove(tried);
  } catch (cause) {
    throw new DotevalsError(`${what} cannot be written to "${name}": ${messageOf(cause)}.`, {
      code: "file-not-writable",
      hint: "Name a file in a folder that may be written to.",
      cause,
    });
  }
}

/** Nobody means to write a report where results are stored. */
async function isDatabase(path: string): Promise<boolean> {
  const mark = new TextEncoder().encode("SQLite format 3\0");
  const start = new Uint8Array(mark.length);
  using file = await Deno.open(path);
  await file.read(start);
  return mark.every((byte, at) => start[at] === byte);
}

/**
 * Writes a file from pieces: to one beside it, which then takes its name, and which Ctrl-C removes. A device
 * or a pipe is written to as it is.
 */
export async function writeWhole(path: string, pieces: Pieces): Promise<void> {
  const there = await infoOf(path);
  if (there !== undefined && !there.isFile) return await writeTo(path, pieces);
  const target = there === undefined ? path : await Deno.realPath(path);
  const beside = temporary(target);
  function stop(): void {
    removeQuietly(beside);
    Deno.exit(130);
  }
  using _interrupt = onInterrupt({ first: stop, again: stop });
  try {
    await writeTo(beside, pieces);
    await Deno.rename(beside, target);
  } catch (error) {
    removeQuietly(beside);
    throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was not made yet.
  }
}

async function writeTo(path: string, pieces: Pieces): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  for await (const chunk of chunksOf(pieces)) await writeAll(file, chunk);
}

/** A link to nothing is nothing. */
async function infoOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function temporary(path: string): string {
  return `${path}.${Deno.pid}.tmp`;
}
