/**
 * Results on their way to a remote database: files on this machine, which are safe once they
 * are written, and are emptied as the database takes the results.
 *
 * A session writes files of its own, so that no two sessions share one, and delivers first what
 * earlier ones left. Each file is JSON lines: a header that names the experiment and the storage,
 * then evaluations, metrics and results in the order in which they came.
 *
 * @module
 */
import { join } from "@std/path/join";
import { resolve } from "@std/path/resolve";
import type { SpooledEvaluation, SpoolEntry, SpoolHeader } from "./spool_entry.ts";
import { SpoolFile, type SpoolPage, type SpoolPath } from "./spool_file.ts";
import { prefixOf, spoolFailed } from "./spool_place.ts";
import type { EvaluationId, Fingerprint } from "./stored_evaluation.ts";

/** Bytes of a file after which the next one begins: what is delivered is not kept for long. */
const FILE_BYTES = 16_000_000;

/** The files of one experiment and storage: those of earlier sessions, then this one's. */
export class Spool implements AsyncDisposable {
  readonly #folder: string;
  readonly #header: SpoolHeader;
  readonly #prefix: string;
  /** In the order in which they are delivered; the last one is added to. */
  readonly #files: SpoolFile[] = [];
  /** Files with results that no evaluation takes any more. */
  readonly #refused = new Set<SpoolFile>();
  readonly #setAside: string[] = [];
  readonly #evaluations = new Map<EvaluationId, SpooledEvaluation>();
  /** Those that the last file says what they are. */
  readonly #described = new Set<EvaluationId>();
  #earlier = 0;
  #added = 0;
  #delivered = 0;
  /** One change of the last file at a time. */
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, header: SpoolHeader, prefix: string) {
    this.#folder = folder;
    this.#header = header;
    this.#prefix = prefix;
  }

  /**
   * Opens what earlier sessions left, and a file for this one.
   *
   * @throws {DotevalsError} `spool-failed` (exit 3) when the folder cannot be written
   */
  static async open(folder: string, header: SpoolHeader): Promise<Spool> {
    const spool = new Spool(folder, header, await prefixOf(header));
    try {
      await Deno.mkdir(resolve(folder), { recursive: true });
      await spool.#findEarlier();
      await spool.#begin();
      return spool;
    } catch (error) {
      await spool[Symbol.asyncDispose]();
      throw spoolFailed(error, folder);
    }
  }

  /** Files of earlier sessions that were not delivered yet. */
  get earlier(): number {
    return this.#earlier;
  }

  /** Results that were not delivered yet. */
  get results(): number {
    return this.#files.reduce((sum, { results }) => sum + results, 0);
  }

  /** Bytes that were not delivered yet. */
  get bytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Entries that this session added. */
  get added(): number {
    return this.#added;
  }

  /** Those of them that were delivered. */
  get delivered(): number {
    return this.#delivered;
  }

  /** The files that hold results, as messages call them. */
  get paths(): readonly string[] {
    return this.#files.filter(({ results }) => results > 0).map(({ display }) => display);
  }

  /** Files of earlier sessions that were kept under another name. */
  get setAside(): readonly string[] {
    return this.#setAside;
  }

  /** Says what an evaluation's number stands for in what is added from now on. */
  describe({ id, name, variant, generation, fingerprint }: SpooledEvaluation): void {
    this.#evaluations.set(id, { id, name, variant, generation, fingerprint });
    this.#described.delete(id);
  }

  /** Says that an evaluation's definition is another one from now on. */
  redefine(id: EvaluationId, fingerprint: Fingerprint): void {
    const evaluation = this.#evaluations.get(id);
    if (evaluation !== undefined) this.describe({ ...evaluation, fingerprint });
  }

  /**
   * Adds entries; they outlast a power loss when this returns.
   *
   * @throws {DotevalsError} `storage-full` or `spool-failed` (exit 3); none of them is added then
   */
  async add(entries: readonly SpoolEntry[]): Promise<void> {
    await this.#exclusive(async () => {
      if (this.#last.size >= FILE_BYTES) await this.#begin();
      const described = this.#undescribed(entries);
      await this.#last.append([...described, ...entries]);
      for (const { evaluation: { id } } of described) this.#described.add(id);
      this.#added += described.length + entries.length;
    });
  }

  /** The next entries to deliver, up to so many results; `undefined` where there are none. */
  async next(most: number): Promise<SpoolPage | undefined> {
    while (true) {
      const [file] = this.#files;
      const page = await file?.next(most);
      if (page !== undefined || file === undefined || file === this.#last) return page;
      await this.#finish(file);
    }
  }

  /** Whether a page comes from an earlier session. */
  isEarlier(page: SpoolPage): boolean {
    return this.#files.indexOf(page.file) < this.#earlier;
  }

  /** Notes that a page was delivered, but for so many results that no evaluation takes. */
  async done(page: SpoolPage, refused = 0): Promise<void> {
    if (!this.isEarlier(page)) this.#delivered += page.entries.length;
    if (refused > 0) this.#refused.add(page.file);
    page.file.done(page);
    await this.#exclusive(async () => {
      if (page.file !== this.#last || page.file.bytes > 0) return;
      await page.file.empty();
      this.#described.clear();
    });
  }

  /**
   * Makes files anew that somebody has deleted while they held results.
   *
   * @throws {DotevalsError} `storage-full` or `spool-failed` (exit 3)
   */
  async putBack(): Promise<void> {
    await this.#exclusive(async () => {
      for (const file of this.#files) if (file.results > 0) await file.putBack();
    });
  }

  /** Gives the files free; those of which all was delivered are removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.putBack().catch(() => {});
    for (const file of this.#files.splice(0)) {
      if (file.results > 0 || this.#refused.has(file)) await file.close();
      else await file.remove().catch(() => {});
    }
  }

  get #last(): SpoolFile {
    const last = this.#files.at(-1);
    if (last === undefined) throw new TypeError("The spool is closed.");
    return last;
  }

  async #findEarlier(): Promise<void> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(resolve(this.#folder))) {
      if (name.startsWith(`${this.#prefix}-`) && name.endsWith(".jsonl")) names.push(name);
    }
    for (const name of names) {
      const file = await SpoolFile.adopt(this.#path(name), this.#header);
      if (file !== undefined) this.#files.push(file);
    }
    this.#earlier = this.#files.length;
  }

  /** Begins the next file, which evaluations are described in anew. */
  async #begin(): Promise<void> {
    const name = `${this.#prefix}-${crypto.randomUUID().slice(0, 8)}.jsonl`;
    this.#files.push(await SpoolFile.create(this.#path(name), this.#header));
    this.#described.clear();
  }

  /** Is done with a file of which all was delivered. */
  async #finish(file: SpoolFile): Promise<void> {
    if (this.#refused.delete(file)) this.#setAside.push(await file.setAside());
    else await file.remove();
    this.#files.shift();
    if (this.#earlier > 0) this.#earlier--;
  }

  #undescribed(entries: readonly SpoolEntry[]) {
    const ids = new Set(entries.map(evaluationOf).filter((id) => !this.#described.has(id)));
    return [...ids].flatMap((id) => {
      const evaluation = this.#evaluations.get(id);
      return evaluation === undefined ? [] : [{ type: "evaluation" as const, evaluation }];
    });
  }

  #path(name: string): SpoolPath {
    return { path: join(resolve(this.#folder), name), display: join(this.#folder, name) };
  }

  async #exclusive(change: () => Promise<void>): Promise<void> {
    const changing = this.#changing.then(change);
    this.#changing = changing.catch(() => {});
    try {
      await changing;
    } catch (error) {
      throw spoolFailed(error, this.#folder);
    }
  }
}

function evaluationOf(entry: SpoolEntry): EvaluationId {
  switch (entry.type) {
    case "evaluation":
      return entry.evaluation.id;
    case "metrics":
      return entry.evaluation;
    case "result":
      return entry.record.evaluation;
  }
}
