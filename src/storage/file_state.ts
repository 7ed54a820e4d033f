/**
 * What the file system says of a database file that SQLite does not.
 *
 * @module
 */
import { SqlError } from "./sql.ts";

/** What a database file starts with. */
const MAGIC = "SQLite format 3\0";

/** Bytes of the header that are looked at: the page size stands behind the magic. */
const HEADER = 18;

/**
 * Refuses a file that ends within a page, as a copy does that was cut off: SQLite reads such a file
 * as if nothing were missing.
 *
 * @throws {SqlError} with the code `SQLITE_CORRUPT`
 */
export async function refuseCutOff(path: string): Promise<void> {
  const size = await sizeOf(path);
  // While there is a log, the file may be in the middle of taking it in.
  if (size === 0 || await sizeOf(`${path}-wal`) > 0) return;
  const pageSize = await readPageSize(path);
  if (pageSize === undefined || size % pageSize === 0) return;
  throw new SqlError(
    `the file ends after ${size} bytes, within a page of ${pageSize}`,
    "SQLITE_CORRUPT",
  );
}

/** Whether the file, or the folder where it would be, takes no writing. */
export async function isReadOnly(path: string): Promise<boolean> {
  try {
    const isNew = !await isThere(path);
    (await Deno.open(path, { write: true, createNew: isNew })).close();
    if (isNew) await Deno.remove(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied ||
      error instanceof Error && "code" in error && error.code === "EROFS";
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Bytes of a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** `undefined` where the file is no database. */
async function readPageSize(path: string): Promise<number | undefined> {
  using file = await Deno.open(path);
  const header = new Uint8Array(HEADER);
  await file.read(header);
  if (new TextDecoder("latin1").decode(header.subarray(0, MAGIC.length)) !== MAGIC) {
    return undefined;
  }
  const size = new DataView(header.buffer).getUint16(MAGIC.length);
  return size === 1 ? 65536 : size;
}
