/**
 * Whole reads of files, and names that last.
 *
 * @module
 */

/** The next bytes of a file; fewer than asked for where it ends. */
export async function readUpTo(file: Deno.FsFile, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

/** Makes the name of a new file outlast a power loss, where the system can do that. */
export async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Windows opens no folders; its file system keeps names by itself.
  }
}
