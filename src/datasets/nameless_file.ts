/**
 * Files that are gone as soon as they are closed.
 *
 * @module
 */
import { writeAll } from "../write_all.ts";
import type { Bytes } from "./bytes.ts";

/** Keeps a stream in a file without a name: nothing of it is left, however the process ends. */
export async function namelessCopy(bytes: Bytes, signal: AbortSignal): Promise<Deno.FsFile> {
  const path = await Deno.makeTempFile({ prefix: "dotevals-" });
  const file = await Deno.open(path, { read: true, write: true });
  await Deno.remove(path);
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted();
      await writeAll(file, chunk);
    }
    await file.seek(0, Deno.SeekMode.Start);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
