/**
 * Opens a file of a spool, which may be gone by then.
 *
 * @module
 */

/** `undefined` for a file that its session removed just now, having delivered all. */
export async function openExisting(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
