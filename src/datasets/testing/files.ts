/**
 * Real files for tests, gone at the end of the block.
 *
 * @module
 */
import { toFileUrl } from "@std/path/to-file-url";
import { join } from "@std/path/join";

/** A file in a folder of its own. */
export interface TestFile extends AsyncDisposable {
  readonly path: string;
  readonly url: URL;
}

/** Writes a file, under a name that paths and URLs spell differently. */
export async function fileOf(content: string | Uint8Array): Promise<TestFile> {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a row's #1 ü.txt");
  await Deno.writeFile(
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return {
    path,
    url: toFileUrl(path),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** The names of what a folder holds. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names;
}
