/**
 * A remote libSQL database (Turso, sqld), over HTTP.
 *
 * @module
 */
import { type Client, createClient } from "@libsql/client/http";
import { type Clock, turn } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { errorCode, runBatch } from "./libsql_client.ts";
import { SqlError, type SqlExecutor } from "./sql.ts";

/** How long an answer may take, in milliseconds, besides what sending takes. */
const TIMEOUT = 20_000;

/** The slowest connection that is waited for, in bytes per millisecond. */
const SLOWEST = 32;

/** How to reach a remote database. */
export interface RemoteExecutorOptions {
  /** A `libsql:`, `https:` or `http:` address. */
  readonly url: string;
  readonly authToken?: string | undefined;
  readonly clock: Clock;
  /**
   * How long an answer may take, in milliseconds, besides what sending takes.
   *
   * @default {20_000}
   */
  readonly timeoutMs?: number | undefined;
}

/** Opens a remote database; nothing is sent yet. */
export function openRemoteExecutor(options: RemoteExecutorOptions): SqlExecutor {
  const { url, authToken } = options;
  const secrets = secretsOf(url, authToken);
  const closed = new AbortController();
  const client = connect(options, { secrets, closed: closed.signal });
  return {
    async run(statements, mode) {
      try {
        // Statements were put into words in this turn of the event loop; the client does so again.
        await turn(options.clock);
        return await runBatch(client, statements, mode);
      } catch (error) {
        throw toSqlError(error, secrets);
      }
    },
    close() {
      closed.abort(new DOMException("The storage is closed.", "AbortError"));
      client.close();
      return Promise.resolve();
    },
  };
}

function connect(
  { url, authToken, clock, timeoutMs = TIMEOUT }: RemoteExecutorOptions,
  { secrets, closed }: { readonly secrets: readonly string[]; readonly closed: AbortSignal },
): Client {
  try {
    return createClient({
      url,
      fetch: (request: Request) => fetchWhole(request, { clock, timeoutMs, closed }),
      ...(authToken === undefined ? {} : { authToken }),
    });
  } catch (error) {
    throw toSqlError(error, secrets);
  }
}

interface FetchOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly closed: AbortSignal;
}

/** Sends a request and reads all of its answer, both within the time that they may take. */
async function fetchWhole(request: Request, options: FetchOptions): Promise<Response> {
  const { clock, timeoutMs, closed } = options;
  const { url, method, headers } = request;
  const body = await request.arrayBuffer();
  const late = new AbortController();
  const limit = timeoutMs + body.byteLength / SLOWEST;
  const stop = clock.after(limit, () => {
    late.abort(new SqlError(`no answer within ${Math.ceil(limit / 1000)} s`, "UNREACHABLE"));
  });
  try {
    const signal = AbortSignal.any([late.signal, closed]);
    const answer = await fetch(url, { method, headers, body, signal });
    const { status, headers: answered } = answer;
    return new Response(await answer.arrayBuffer(), { status, headers: answered });
  } finally {
    stop();
  }
}

/** The error without the secrets that a message of the network may repeat. */
function toSqlError(thrown: unknown, secrets: readonly string[]): SqlError {
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, "…"), reasonOf(thrown));
  return new SqlError(message, codeOf(thrown));
}

/** What a request failed for: where the runtime says it, behind the address that it asked. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof TypeError ? messageOf(thrown.cause ?? "") : "";
  return cause.match(/client error \(\w+\): (.+)$/s)?.[1] ?? messageOf(thrown);
}

/** What the server says of a transaction that it gave up, or of a stream that it forgot. */
const LOST = /^(STREAM|TRANSACTION)_/;

function codeOf(thrown: unknown): string {
  if (thrown instanceof TypeError) return "UNREACHABLE";
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const status = typeof cause === "object" && cause !== null && "status" in cause
    ? Number(cause.status)
    : undefined;
  if (status !== undefined) return codeOfStatus(status);
  const code = errorCode(thrown);
  return LOST.test(code) ? "UNREACHABLE" : code;
}

/** What the server, or a proxy before it, means by a status. */
function codeOfStatus(status: number): string {
  if (status === 401 || status === 403) return "UNAUTHORIZED";
  if (status === 413) return "TOO_LARGE";
  return status >= 500 || status === 408 || status === 429 ? "UNREACHABLE" : "REFUSED";
}

function secretsOf(url: string, authToken = ""): readonly string[] {
  const { username, password, searchParams } = new URL(url);
  return [authToken, username, password, searchParams.get("authToken") ?? ""]
    .filter((secret) => secret !== "");
}
