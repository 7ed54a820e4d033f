/**
 * Rows of a query on a local database, read in a Web Worker page by page.
 *
 * @module
 */
import type { SqlOptions } from "./sql.ts";

/** What the worker is asked for. */
export type SqlPageRequest =
  | { readonly type: "close" }
  | {
    readonly type: "next";
    readonly path: string;
    readonly query: string;
    readonly args: NonNullable<SqlOptions["args"]>;
  };

/** What it answers. */
export type SqlPage =
  | { readonly rows: readonly unknown[]; readonly isLast: boolean }
  | { readonly error: string };

/** The rows of a query on a database file, a page of them in memory. */
export async function* fileRows(
  path: string,
  { query, args = [] }: SqlOptions,
  signal: AbortSignal,
): AsyncGenerator<unknown, void> {
  await using worker = new PagingWorker(signal);
  while (!signal.aborted) {
    const page = await worker.ask({ type: "next", path, query, args });
    if (page === undefined) return;
    if ("error" in page) throw new Error(page.error);
    yield* page.rows;
    if (page.isLast) return;
  }
}

class PagingWorker implements AsyncDisposable {
  readonly #worker = new Worker(new URL("./sql_worker.ts", import.meta.url), { type: "module" });
  #waiting: PromiseWithResolvers<SqlPage | undefined> | undefined;
  #isLeft = false;

  constructor(signal: AbortSignal) {
    this.#worker.addEventListener("message", (event) => this.#settle(event.data));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#settle({ error: event.message });
    });
    signal.addEventListener("abort", () => {
      if (this.#waiting === undefined) return;
      this.#isLeft = true;
      this.#settle(undefined);
    }, { once: true });
  }

  /** One page; `undefined` where nobody waits for it any more. */
  async ask(request: SqlPageRequest): Promise<SqlPage | undefined> {
    this.#waiting = Promise.withResolvers();
    this.#worker.postMessage(request);
    return await this.#waiting.promise;
  }

  #settle(page: SqlPage | undefined): void {
    this.#waiting?.resolve(page);
    this.#waiting = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isLeft) await this.ask({ type: "close" });
    this.#worker.terminate();
  }
}
