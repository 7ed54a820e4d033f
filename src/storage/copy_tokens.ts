/**
 * The tokens of sessions, by which copies of a session are known.
 *
 * @module
 */
import type { Row } from "./table_columns.ts";

/** Stands behind the token of a session that is in one database more than once. */
const MARK = "~";

/** The token that a session had where it ran. */
export function originOf({ token }: Row): string {
  return String(token).split(MARK)[0] ?? "";
}

/** The token of a copy where another experiment of the database has the session too. */
export function tokenOfCopy(origin: string, experimentId: number): string {
  return `${origin}${MARK}${experimentId}`;
}
