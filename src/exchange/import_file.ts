/**
 * Reads files that experiments are imported from.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import { unpacked } from "../datasets/bytes.ts";
import { type Line, linesOf } from "../datasets/lines.ts";
import { importError } from "./fields.ts";

/**
 * The lines of a file that are not blank, unpacked where it is gzip.
 *
 * @throws {DotevalsError} `import-missing`, or `import-invalid` for a line that is not UTF-8
 */
export async function* linesIn(path: string): AsyncGenerator<Line> {
  for await (const lines of allLines(path)) {
    for (const line of lines) {
      if (!line.valid) throw importError(`${path}, line ${line.number}`, "it is not UTF-8");
      if (line.text.trim() !== "") yield line;
    }
  }
}

/** The bytes of a file, unpacked where it is gzip. */
export async function* bytesIn(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await opened(path);
  yield* await unpacked(file.readable);
}

/** The lines of a file as they are read, many at a time. */
export async function* allLines(path: string): AsyncGenerator<readonly Line[]> {
  const file = await opened(path);
  yield* linesOf(await unpacked(file.readable), path, new AbortController().signal);
}

async function opened(path: string): Promise<Deno.FsFile> {
  try {
    const file = await Deno.open(path);
    if ((await file.stat()).isFile) return file;
    file.close();
    throw new TypeError("it is no file");
  } catch (cause) {
    throw new DotevalsError(`"${path}" cannot be read: ${messageOf(cause)}.`, {
      code: "import-missing",
      hint: "Name a file that dotevals export wrote, or one of the Python dotevals.",
      cause,
    });
  }
}
