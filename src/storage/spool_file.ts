/**
 * One file of a spool: lines are added at its end, and delivered from its start.
 *
 * @module
 */
import { writeAll } from "../write_all.ts";
import { dirname } from "@std/path/dirname";
import { readUpTo, syncFolder } from "./file_bytes.ts";
import { KnownFile } from "./known_file.ts";
import { type HeldLock, tryLockFile } from "./lock_file.ts";
import { headerLine, parseHeader, type SpoolEntry, type SpoolHeader } from "./spool_entry.ts";
import { openExisting } from "./open_existing.ts";
import { spoolNewer } from "./spool_words.ts";
import { firstLine, linePieces, readLines, resultsAmong } from "./spool_lines.ts";

/** Bytes that are read, and delivered, at once; a line that is longer travels alone. */
const PAGE_BYTES = 1_000_000;

/** More bytes than a header has. */
const HEADER_BYTES = 1_000_000;

const APPENDING = { read: true, append: true };

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

/** What an open file consists of. */
interface OpenFile {
  /** Keeps other sessions from the file. */
  readonly lock: HeldLock;
  readonly known: KnownFile | undefined;
  readonly writing: Deno.FsFile;
  readonly reading: Deno.FsFile;
}

/** A file that has a lock beside it for as long as it is open. */
export class SpoolFile {
  /** What messages call it. */
  readonly display: string;

  readonly #path: string;
  #file: OpenFile;
  /** What somebody has deleted; pages of it may still be read. */
  readonly #deleted: OpenFile[] = [];
  readonly #start: number;
  #delivered: number;
  #end: number;
  #results = 0;
  /** What an append failed with that may have left half a line. */
  #broken: { readonly error: unknown } | undefined;

  private constructor(
    { path, display }: SpoolPath,
    file: OpenFile,
    bounds: { readonly start: number; readonly end: number },
  ) {
    this.#path = path;
    this.display = display;
    this.#file = file;
    this.#start = this.#delivered = bounds.start;
    this.#end = bounds.end;
  }

  /** Makes a file that holds nothing yet. */
  static async create(path: SpoolPath, header: SpoolHeader): Promise<SpoolFile> {
    await using opened = new AsyncDisposableStack();
    await Deno.mkdir(dirname(path.path), { recursive: true });
    const lock = opened.use(await lockOf(path));
    if (lock === undefined) throw new TypeError(`The new file ${path.display} has an owner.`);
    const writing = opened.use(await Deno.open(path.path, { ...APPENDING, createNew: true }));
    // Where there is no room, each attempt would leave one.
    opened.defer(() => Deno.remove(path.path).catch(() => {}));
    const line = new TextEncoder().encode(headerLine(header));
    await writeAll(writing, line);
    await writing.sync();
    await syncFolder(dirname(path.path));
    const reading = opened.use(await Deno.open(path.path));
    opened.move();
    const bounds = { start: line.length, end: line.length };
    const known = await KnownFile.at(path.path);
    return new SpoolFile(path, { lock, known, writing, reading }, bounds);
  }

  /**
   * Opens what another session left; `undefined` where that session still has it, or where it
   * is not of this experiment and storage.
   */
  static async adopt(path: SpoolPath, header: SpoolHeader): Promise<SpoolFile | undefined> {
    await using opened = new AsyncDisposableStack();
    const lock = opened.use(await lockOf(path));
    const reading = lock && opened.use(await openExisting(path.path));
    if (!lock || !reading) return undefined;
    const line = firstLine(await readUpTo(reading, HEADER_BYTES));
    const found = line === undefined ? undefined : parseHeader(line);
    if (found?.experiment !== header.experiment || found.location !== header.location) {
      return undefined;
    }
    if (found.isNewer) throw spoolNewer(path.display);
    const writing = opened.use(await Deno.open(path.path, APPENDING));
    const start = new TextEncoder().encode(`${line}\n`).length;
    const { size: end } = await reading.stat();
    const known = await KnownFile.at(path.path);
    const file = new SpoolFile(path, { lock, known, writing, reading }, { start, end });
    await file.#count();
    opened.move();
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
    await this.putBack();
    let end = this.#end;
    try {
      for (const piece of linePieces(entries)) {
        await writeAll(this.#file.writing, piece);
        end += piece.length;
      }
      await this.#file.writing.syncData();
    } catch (error) {
      await this.#file.writing.truncate(this.#end).catch(() => {
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
      const { reading } = this.#file;
      await reading.seek(this.#delivered, Deno.SeekMode.Start);
      const block = await readUpTo(reading, Math.min(bytes, this.bytes));
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
    await this.#file.writing.truncate(this.#start);
    this.#delivered = this.#end = this.#start;
  }

  /** Makes the file anew, with all that it holds, where somebody has deleted it. */
  async putBack(): Promise<void> {
    const before = this.#file;
    if (before.known === undefined || await before.known.isThere()) return;
    const path = this.#path;
    await Deno.mkdir(dirname(path), { recursive: true });
    await using opened = new AsyncDisposableStack();
    const taken = await tryLockFile(`${path}.lock`, "");
    if (taken) opened.use(taken);
    const writing = opened.use(await Deno.open(path, { ...APPENDING, createNew: true }));
    for (let at = 0; at < this.#end;) {
      // Another handle than that which pages are read from: it has a place of its own.
      await before.writing.seek(at, Deno.SeekMode.Start);
      const piece = await readUpTo(before.writing, Math.min(PAGE_BYTES, this.#end - at));
      if (piece.length === 0) break;
      await writeAll(writing, piece);
      at += piece.length;
    }
    await writing.sync();
    await syncFolder(dirname(path));
    const reading = opened.use(await Deno.open(path));
    opened.move();
    const known = await KnownFile.at(path);
    this.#file = { lock: taken ?? before.lock, known, writing, reading };
    if (taken) await before.lock[Symbol.asyncDispose]();
    this.#deleted.push(before);
  }

  /** Gives the file free, which stays where it is. */
  async close(): Promise<void> {
    this.#closeFiles();
    await this.#file.lock[Symbol.asyncDispose]();
  }

  /** Removes the file, and then gives it free. */
  async remove(): Promise<void> {
    this.#closeFiles();
    await using _lock = this.#file.lock;
    try {
      await Deno.remove(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Gives the file another name, by which no session looks for it; returns that name. */
  async setAside(): Promise<string> {
    await this.putBack();
    this.#closeFiles();
    await using _lock = this.#file.lock;
    await Deno.rename(this.#path, `${this.#path}.set-aside`);
    return `${this.display}.set-aside`;
  }

  #closeFiles(): void {
    for (const { reading, writing } of [...this.#deleted.splice(0), this.#file]) {
      reading.close();
      writing.close();
    }
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

function lockOf({ path }: SpoolPath): Promise<HeldLock | undefined> {
  return tryLockFile(`${path}.lock`, "");
}
