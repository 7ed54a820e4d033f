/**
 * A file that must stay where it was opened: one that was deleted takes what is written to it, all
 * of which is gone when it is closed.
 *
 * @module
 */
import { SqlError } from "./sql.ts";

/** The code of a file that is not where it was opened. */
export const FILE_GONE = "FILE_GONE";

/** A file, by what the system tells it apart from others with. */
export class KnownFile {
  readonly #path: string;
  readonly #known: Identity;

  private constructor(path: string, known: Identity) {
    this.#path = path;
    this.#known = known;
  }

  /** The file that is at a path now; `undefined` where none is yet. */
  static async at(path: string): Promise<KnownFile | undefined> {
    const found = await identify(path);
    return found && new KnownFile(path, found);
  }

  /** Whether it is there still. */
  async isThere(): Promise<boolean> {
    return this.#is(await identify(this.#path));
  }

  /** @throws {SqlError} with the code `FILE_GONE` where it is not there any more */
  async mustBeThere(): Promise<void> {
    const now = await identify(this.#path);
    if (this.#is(now)) return;
    throw new SqlError(
      `its file was ${now ? "replaced" : "deleted or moved"} while it was open`,
      FILE_GONE,
    );
  }

  #is(now: Identity | undefined): boolean {
    return now?.ino === this.#known.ino && now.dev === this.#known.dev;
  }
}

/** Some systems do not number files: they then do not delete one that is open, either. */
type Identity = Pick<Deno.FileInfo, "ino" | "dev">;

async function identify(path: string): Promise<Identity | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
