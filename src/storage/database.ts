/**
 * One database: an executor whose failures say what happened to the user's storage.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import { FILE_GONE } from "./known_file.ts";
import type { Retry } from "./retry.ts";
import { IN_USE, LEASE_LOST } from "./schema.ts";
import { SqlError, type SqlExecutor, type SqlResult, type SqlRow, type Statement } from "./sql.ts";

/** The code of what a database refuses for its size. */
export const TOO_LARGE = "storage-too-large";

/** Runs statements; everything it throws is a {@linkcode DotevalsError}. */
export class Database {
  /** Where it is, without secrets. */
  readonly location: string;
  readonly #executor: SqlExecutor;
  readonly #retry: Retry | undefined;
  readonly #closed = new AbortController();

  /** Takes over an executor; closing the database closes it. A local one needs no `retry`. */
  constructor(executor: SqlExecutor, location: string, retry?: Retry) {
    this.#executor = executor;
    this.location = location;
    this.#retry = retry;
  }

  /** Reads in one transaction, so that all statements see the same state. */
  async read(...statements: readonly Statement[]): Promise<readonly SqlResult[]> {
    return await this.#run(statements, "read");
  }

  /** The rows of one statement. */
  async rows(statement: Statement): Promise<readonly SqlRow[]> {
    const [result] = await this.read(statement);
    return result?.rows ?? [];
  }

  /**
   * Writes in one transaction: all statements, or none.
   *
   * A remote database may be asked twice, the first answer having been lost: repeated, the
   * statements must change nothing more.
   */
  async write(...statements: readonly Statement[]): Promise<readonly SqlResult[]> {
    return await this.#run(statements, "write");
  }

  /**
   * Writes as {@linkcode Database.write} does, but makes a single attempt. Even that may reach
   * the server twice: the runtime sends a request again by itself when a connection that it had
   * kept is closed without an answer.
   */
  async writeOnce(...statements: readonly Statement[]): Promise<readonly SqlResult[]> {
    const write = () => this.#attempt(statements, "write");
    return await (this.#retry?.once(write) ?? write());
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#closed.abort(new DOMException("The storage is closed.", "AbortError"));
    await this.#executor.close();
  }

  async #run(
    statements: readonly Statement[],
    mode: "read" | "write",
  ): Promise<readonly SqlResult[]> {
    const run = () => this.#attempt(statements, mode);
    return await (this.#retry?.call(run, this.#closed.signal) ?? run());
  }

  async #attempt(
    statements: readonly Statement[],
    mode: "read" | "write",
  ): Promise<readonly SqlResult[]> {
    try {
      return await this.#executor.run(statements, mode);
    } catch (error) {
      throw toStorageError(error, this.location);
    }
  }
}

/** What a failure of the database means to a user. */
export function toStorageError(error: unknown, location: string): DotevalsError {
  if (error instanceof DotevalsError) return error;
  const message = messageOf(error);
  const code = error instanceof SqlError ? error.code : "UNKNOWN";
  const [own, text, hint] = describe(code, message, location);
  return new DotevalsError(text, { code: own, hint, exitCode: 3, cause: error });
}

function describe(code: string, message: string, location: string): [string, string, string] {
  if (message.includes(LEASE_LOST)) {
    return [
      "lease-lost",
      "Another session has taken over the experiment.",
      "Run the same command again: what was recorded is kept.",
    ];
  }
  if (message.includes(IN_USE)) {
    return ["experiment-locked", "The experiment is in use.", "Wait until that session ends."];
  }
  if (code === "TOO_LARGE" || /too (big|large)/i.test(message)) {
    return [
      TOO_LARGE,
      `The storage ${location} does not take or give values that large: ${message}.`,
      "Remote databases limit a record to a few megabytes; use a local file, or store less.",
    ];
  }
  switch (baseCode(code)) {
    case "SQLITE_NOTADB":
    case "SQLITE_CORRUPT":
      return [
        "storage-not-a-database",
        `The storage ${location} is not a database, or is damaged: ${message}.`,
        "Move the file away, or name another one with --storage.",
      ];
    case "SQLITE_READONLY":
    case "SQLITE_PERM":
      return [
        "storage-read-only",
        `The storage ${location} cannot be written: ${message}.`,
        "Make the file and its folder writable, or name another one with --storage.",
      ];
    case "SQLITE_CANTOPEN":
      return [
        "storage-unreachable",
        `The storage ${location} cannot be opened: ${message}.`,
        "Check that it is a file, and that it and its folder may be read and written.",
      ];
    case "SQLITE_BUSY":
      return [
        "storage-busy",
        `The storage ${location} is busy: another process has been writing to it for too long.`,
        "Try again when that process is done.",
      ];
    case "SQLITE_FULL":
      return [
        "storage-full",
        `The storage ${location} cannot grow: ${message}.`,
        "Make room on the disk; what was recorded is kept, and the same command goes on from there.",
      ];
    case FILE_GONE:
      return [
        "storage-gone",
        `The storage ${location} is gone: ${message}. What was recorded in it is where that file is.`,
        "Put it back, if it is there still, and run the same command again; without it, that begins " +
        "anew.",
      ];
    case "UNAUTHORIZED":
      return [
        "storage-unauthorized",
        `The storage ${location} refused the access token.`,
        "Set DOTEVALS_AUTH_TOKEN (or TURSO_AUTH_TOKEN) to a token that may use this database.",
      ];
    case "UNREACHABLE":
      return [
        "storage-unreachable",
        `The storage ${location} cannot be reached: ${message}.`,
        "Check the address, the network and that the server runs.",
      ];
    default:
      return [
        "storage-failed",
        `The storage ${location} failed: ${message}`,
        "What was recorded before is kept; run the same command again.",
      ];
  }
}

/** `SQLITE_READONLY_DIRECTORY` is a kind of `SQLITE_READONLY`. */
function baseCode(code: string): string {
  return code.split("_").slice(0, 2).join("_");
}
