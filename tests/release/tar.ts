/** One regular file of a tar archive. */
export interface TarFile {
  readonly path: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

const BLOCK = 512;
const decoder = new TextDecoder();

/** Reads the regular files of a ustar archive with GNU long names, which is what `deno publish` sends. */
export function readTar(archive: Uint8Array<ArrayBuffer>): TarFile[] {
  const files: TarFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = parseInt(text(header, 124, 12), 8);
    const kind = text(header, 156, 1);
    const content = archive.slice(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (kind === "L") {
      longName = text(content, 0, content.length);
      continue;
    }
    const name = longName ??
      [text(header, 345, 155), text(header, 0, 100)].filter(Boolean).join("/");
    longName = undefined;
    if (kind === "0" || kind === "") files.push({ path: name.replace(/^\.?\//, ""), content });
  }
  return files;
}

function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return decoder.decode(end === -1 ? field : field.subarray(0, end)).trim();
}
