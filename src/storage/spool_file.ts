/**
 * One file of a spool: lines are added at its end, and delivered from its start.
 *
 * @module
 */
import { dirname } from "@std/path/dirname";
import { headerLine, parseHeader, type SpoolEntry, type SpoolHeader } from "./spool_entry.ts";
import { firstLine, linePieces, readLines, resultsAmong } from "./spool_lines.ts";

/** Bytes that are read, and delivered, at once; a line that is longer travels alone. */
const PAGE_BYTES = 1_000_000;

/** More bytes than a header has. */
const HEADER_BYTES = 1_000_000;

/** Where a file is. */
export interface SpoolPath {
  /** Absolute. */
  readonly path: string;
  /** What messages call it. */
  readonly display: string;
}

/** Entries that are delivered together. */
export interface SpoolPage {
  readonly file: SpoolFile;
  readonly entries: readonly SpoolEntry[];
  /** How many of them are results. */
  readonly results: number;
  /** Where in the file they end. */
  readonly end: number;
}

/** A file that is locked for as long as it is open. */
export class SpoolFile {
  /** What messages call it. */
  readonly display: string;

  readonly #path: string;
  /** Adds, and holds the lock. */
  readonly #writing: Deno.FsFile;
  readonly #reading: Deno.FsFile;
  readonly #start: number;
  #delivered: number;
  #end: number;
  #results = 0;
  /** What an append failed with that may have left half a line. */
  #broken: { readonly error: unknown } | undefined;

  private constructor(
    { path, display }: SpoolPath,
    files: { readonly writing: Deno.FsFile; readonly reading: Deno.FsFile },
    bounds: { readonly start: number; readonly end: number },
  ) {
    this.#path = path;
    this.display = display;
    this.#writing = files.writing;
    this.#reading = files.reading;
    this.#start = this.#delivered = bounds.start;
    this.#end = bounds.end;
  }

  /** Makes a file that holds nothing yet. */
  static async create(path: SpoolPath, header: SpoolHeader): Promise<SpoolFile> {
    using files = new DisposableStack();
    const writing = files.use(await Deno.open(path.path, { append: true, createNew: true }));
    await writing.lock(true);
    const line = new TextEncoder().encode(headerLine(header));
    await writeAll(writing, line);
    await writing.sync();
    await syncFolder(dirname(path.path));
    const reading = files.use(await Deno.open(path.path));
    files.move();
    return new SpoolFile(path, { writing, reading }, { start: line.length, end: line.length });
  }

  /**
   * Opens what another session left; `undefined` where that session still has it, or where it
   * is not of this experiment and storage.
   */
  static async adopt(path: SpoolPath, header: SpoolHeader): Promise<SpoolFile | undefined> {
    try {
      return await SpoolFile.#adopt(path, header);
    } catch (error) {
      // Its session removed it just now, having delivered all.
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  static async #adopt(path: SpoolPath, header: SpoolHeader): Promise<SpoolFile | undefined> {
    using files = new DisposableStack();
    const writing = files.use(await Deno.open(path.path, { append: true }));
    if (!await writing.tryLock(true)) return undefined;
    const reading = files.use(await Deno.open(path.path));
    const { size, ino } = await reading.stat();
    if ((await writing.stat()).ino !== ino) return undefined;
    const line = firstLine(await readUpTo(reading, HEADER_BYTES));
    const found = line === undefined ? undefined : parseHeader(line);
    if (found?.experiment !== header.experiment || found.location !== header.location) {
      return undefined;
    }
    const start = new TextEncoder().encode(`${line}\n`).length;
    const file = new SpoolFile(path, { writing, reading }, { start, end: size });
    await file.#count();
    files.move();
    return file;
  }

  /** Results that were not delivered yet. */
  get results(): number {
    return this.#results;
  }

  /** Bytes that were not delivered yet. */
  get bytes(): number {
    return this.#end - this.#delivered;
  }

  /** Bytes in all. */
  get size(): number {
    return this.#end;
  }

  /**
   * Adds entries; they outlast a power loss when this returns.
   *
   * @throws when they could not be written; the file then holds none of them
   */
  async append(entries: readonly SpoolEntry[]): Promise<void> {
    if (this.#broken) throw this.#broken.error;
    let end = this.#end;
    try {
      for (const piece of linePieces(entries)) {
        await writeAll(this.#writing, piece);
        end += piece.length;
      }
      await this.#writing.syncData();
    } catch (error) {
      await this.#writing.truncate(this.#end).catch(() => {
        this.#broken = { error };
      });
      throw error;
    }
    this.#end = end;
    this.#results += resultsAmong(entries);
  }

  /** The next entries to deliver, up to so many results; `undefined` where there are none. */
  async next(most: number): Promise<SpoolPage | undefined> {
    for (let bytes = PAGE_BYTES; this.bytes > 0; bytes *= 2) {
      await this.#reading.seek(this.#delivered, Deno.SeekMode.Start);
      const block = await readUpTo(this.#reading, Math.min(bytes, this.bytes));
      const { entries, length } = readLines(block, most);
      if (length > 0) {
        const end = this.#delivered + length;
        return { file: this, entries, results: resultsAmong(entries), end };
      }
      // A line without an end was cut off: its result was not promised.
      if (block.length < bytes) return undefined;
    }
    return undefined;
  }

  /** Notes that a page was delivered. */
  done(page: SpoolPage): void {
    this.#delivered = page.end;
    this.#results -= page.results;
  }

  /** Empties a file of which all was delivered. */
  async empty(): Promise<void> {
    await this.#writing.truncate(this.#start);
    this.#delivered = this.#end = this.#start;
  }

  /** Closes the file, which stays where it is. */
  close(): void {
    this.#reading.close();
    this.#writing.close();
  }

  /** Removes the file, while it is locked: nobody finds it in between. */
  async remove(): Promise<void> {
    await Deno.remove(this.#path);
    this.close();
  }

  /** Closes the file under a name by which no session looks for it; returns that name. */
  async setAside(): Promise<string> {
    await Deno.rename(this.#path, `${this.#path}.set-aside`);
    this.close();
    return `${this.display}.set-aside`;
  }

  /** Counts the results of a file that is found. */
  async #count(): Promise<void> {
    let results = 0;
    for (let page = await this.next(Infinity); page; page = await this.next(Infinity)) {
      results += page.results;
      this.#delivered = page.end;
    }
    this.#delivered = this.#start;
    this.#results = results;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}

/** The next bytes of a file; fewer than asked for where it ends. */
async function readUpTo(file: Deno.FsFile, length: number): Promise<Uint8Array> {
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
async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Windows opens no folders; its file system keeps names by itself.
  }
}
