/**
 * All files below a folder.
 *
 * @module
 */
import { join } from "@std/path/join";

/** The paths of a folder's files, and of those in folders in it. */
export async function walk(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await walk(path));
    else found.push(path);
  }
  return found;
}
