/**
 * Downloaded files, kept by their content.
 *
 * A folder holds `content/SHA-256` and, for each address, `urls/DIGEST.json`: which content it had.
 *
 * @module
 */
import { createHash, hash } from "node:crypto";
import { join } from "@std/path/join";
import type { Bytes } from "./bytes.ts";
import { digestOf } from "./digest.ts";

/** What an address had when it was read last. */
export interface KeptFile {
  readonly sha256: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** The header `Link`, which names the next page of a listing. */
  readonly link?: string | null;
}

/** Files kept in a folder. */
export class DownloadCache {
  readonly #folder: string;

  /** Makes nothing yet. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What an address had, if its content is still there. */
  async find(key: string): Promise<KeptFile | undefined> {
    try {
      const kept: KeptFile = JSON.parse(await Deno.readTextFile(this.#entry(key)));
      await Deno.stat(this.#content(kept.sha256));
      return kept;
    } catch {
      return undefined;
    }
  }

  /** Opens kept content. */
  async open(sha256: string): Promise<Bytes> {
    return (await Deno.open(this.#content(sha256))).readable;
  }

  /** Opens kept content if it is there and whole. */
  async openWhole(sha256: string): Promise<Bytes | undefined> {
    try {
      if (await digestOf(await this.open(sha256)) === sha256) return await this.open(sha256);
    } catch {
      // It is read from its address.
    }
    return undefined;
  }

  /**
   * Hands a download on as it comes, and keeps it once it was read to its end.
   *
   * Where the folder cannot be written to, the download is handed on all the same.
   */
  async keeping(bytes: Bytes, key: string, about: Omit<KeptFile, "sha256">): Promise<Bytes> {
    let part: PartFile;
    try {
      await Deno.mkdir(join(this.#folder, "content"), { recursive: true });
      await Deno.mkdir(join(this.#folder, "urls"), { recursive: true });
      part = await PartFile.create(join(this.#folder, "content"));
    } catch {
      return bytes;
    }
    const reader = bytes.getReader();
    let left = false;
    return new ReadableStream({
      pull: async (stream) => {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            await part.write(value);
            return stream.enqueue(value);
          }
          if (left) return await part.discard();
          const sha256 = await part.finish((digest) => this.#content(digest));
          if (sha256 !== undefined) await this.#note(key, { sha256, ...about });
          stream.close();
        } catch (error) {
          await part.discard();
          throw error;
        }
      },
      async cancel(reason) {
        left = true;
        await reader.cancel(reason).catch(() => {});
        await part.discard();
      },
    }, { highWaterMark: 0 });
  }

  async #note(key: string, kept: KeptFile): Promise<void> {
    const path = this.#entry(key);
    const part = `${path}.${kept.sha256.slice(0, 8)}.part`;
    try {
      await Deno.writeTextFile(part, JSON.stringify(kept));
      await Deno.rename(part, path);
    } catch {
      // It is downloaded again next time.
    }
  }

  #content(sha256: string): string {
    return join(this.#folder, "content", sha256);
  }

  #entry(key: string): string {
    return join(this.#folder, "urls", `${hash("sha256", key, "hex")}.json`);
  }
}

const PART = ".part";

/** Removes what processes that were killed left: those that write hold a lock, which ends with them. */
async function removeAbandoned(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(PART)) continue;
    try {
      using file = await Deno.open(join(folder, name), { write: true });
      if (await file.tryLock(true)) await Deno.remove(join(folder, name));
    } catch {
      // It has its name, or is gone.
    }
  }
}

/** A file that is being written, under a name that nobody reads. */
class PartFile {
  readonly #path: string;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBufferLike>>;
  readonly #hash = createHash("sha256");
  #over = false;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#writer = file.writable.getWriter();
  }

  static async create(folder: string): Promise<PartFile> {
    await removeAbandoned(folder);
    const path = await Deno.makeTempFile({ dir: folder, suffix: PART });
    const file = await Deno.open(path, { write: true });
    await file.tryLock(true);
    return new PartFile(path, file);
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#over) return;
    this.#hash.update(chunk);
    // A full disk is no reason to lose the rows.
    await this.#writer.write(chunk).catch(() => this.discard());
  }

  /** Gives the file its name; `undefined` where it could not be written. */
  async finish(name: (sha256: string) => string): Promise<string | undefined> {
    if (this.#over) return undefined;
    const sha256 = this.#hash.digest("hex");
    try {
      await this.#writer.close();
      await Deno.rename(this.#path, name(sha256));
      this.#over = true;
      return sha256;
    } catch {
      await this.discard();
      return undefined;
    }
  }

  async discard(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    await this.#writer.abort().catch(() => {});
    await Deno.remove(this.#path).catch(() => {});
  }
}
