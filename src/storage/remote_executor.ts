/**
 * A remote libSQL database (Turso, sqld), over HTTP.
 *
 * @module
 */
import { type Client, createClient } from "@libsql/client/http";
import { messageOf } from "../errors.ts";
import { errorCode, runBatch } from "./libsql_client.ts";
import { SqlError, type SqlExecutor } from "./sql.ts";

/** Opens a `libsql:`, `https:` or `http:` database; nothing is sent yet. */
export function openRemoteExecutor(url: string, authToken: string | undefined): SqlExecutor {
  const secrets = secretsOf(url, authToken);
  const client = connect(url, authToken, secrets);
  return {
    async run(statements, mode) {
      try {
        return await runBatch(client, statements, mode);
      } catch (error) {
        throw toSqlError(error, secrets);
      }
    },
    close() {
      client.close();
      return Promise.resolve();
    },
  };
}

function connect(
  url: string,
  authToken: string | undefined,
  secrets: readonly string[],
): Client {
  try {
    return createClient({ url, ...(authToken === undefined ? {} : { authToken }) });
  } catch (error) {
    throw toSqlError(error, secrets);
  }
}

/** The error without the secrets that a message of the network may repeat. */
function toSqlError(thrown: unknown, secrets: readonly string[]): SqlError {
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, "…"), messageOf(thrown));
  return new SqlError(message, codeOf(thrown));
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof TypeError) return "UNREACHABLE";
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const status = typeof cause === "object" && cause !== null && "status" in cause
    ? cause.status
    : undefined;
  if (status === 401 || status === 403) return "UNAUTHORIZED";
  if (status !== undefined) return "UNREACHABLE";
  return errorCode(thrown);
}

function secretsOf(url: string, authToken = ""): readonly string[] {
  const { username, password, searchParams } = new URL(url);
  return [authToken, username, password, searchParams.get("authToken") ?? ""]
    .filter((secret) => secret !== "");
}
