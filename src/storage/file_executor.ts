/**
 * A local database file, driven in a Web Worker.
 *
 * @module
 */
import { KnownFile } from "./known_file.ts";
import { SqlError, type SqlExecutor, type SqlResult, type Statement } from "./sql.ts";
import type { WorkerAnswer, WorkerRequest } from "./worker_messages.ts";

/** A request without its id. */
type Asked = WorkerRequest extends infer R ? R extends { id: number } ? Omit<R, "id"> : never
  : never;

/** Opens the database file at an absolute path; it must be closed. */
export async function openFileExecutor(path: string): Promise<SqlExecutor> {
  const executor = new FileExecutor();
  try {
    await executor.open(path);
  } catch (error) {
    await executor.close();
    throw error;
  }
  return executor;
}

class FileExecutor implements SqlExecutor {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<readonly SqlResult[]>>();
  #sent = 0;
  #failure: SqlError | undefined;
  #file: KnownFile | undefined;
  #closing: Promise<void> | undefined;

  constructor() {
    this.#worker = new Worker(new URL("./libsql_worker.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", (event) => this.#settle(event.data));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(new SqlError(`The database's thread failed: ${event.message}`, "WORKER"));
    });
  }

  async open(path: string): Promise<void> {
    try {
      await this.#ask({ type: "open", url: fileUrl(path) });
      this.#file = await KnownFile.at(path);
    } catch (error) {
      // The client has no code for what SQLite cannot open at all.
      if (!(error instanceof SqlError) || error.code !== "") throw error;
      throw new SqlError(error.message, "SQLITE_CANTOPEN");
    }
  }

  async run(
    statements: readonly Statement[],
    mode: "read" | "write",
  ): Promise<readonly SqlResult[]> {
    if (this.#closing !== undefined) throw new SqlError("The storage is closed.", "CLIENT_CLOSED");
    const results = await this.#ask({ type: "run", statements, mode });
    if (mode === "write") await this.#file?.mustBeThere();
    return results;
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    try {
      await this.#ask({ type: "close" });
    } catch {
      // The thread has failed: there is nothing in it to close.
    } finally {
      this.#worker.terminate();
    }
  }

  #ask(asked: Asked): Promise<readonly SqlResult[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = ++this.#sent;
    const answer = Promise.withResolvers<readonly SqlResult[]>();
    this.#waiting.set(id, answer);
    this.#worker.postMessage({ ...asked, id });
    return answer.promise;
  }

  #settle(answer: WorkerAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(new SqlError(answer.error.message, answer.error.code));
    else waiting?.resolve(answer.results);
  }

  #fail(failure: SqlError): void {
    this.#failure = failure;
    for (const waiting of this.#waiting.values()) waiting.reject(failure);
    this.#waiting.clear();
  }
}

/** A path as the client reads it: `file:` without an authority, percent-encoded. */
function fileUrl(path: string): string {
  return `file:${encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23")}`;
}
