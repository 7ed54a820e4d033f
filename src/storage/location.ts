/**
 * Reads how users name a storage.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { resolve } from "@std/path/resolve";
import { DotevalsError } from "../errors.ts";

/** A storage's place, told apart by `type`. */
export type StorageLocation =
  | { readonly type: "memory" }
  /** `path` is absolute; `display` is as the user wrote it. */
  | { readonly type: "file"; readonly path: string; readonly display: string }
  /** `display` is the address without user, password and query. */
  | { readonly type: "remote"; readonly url: string; readonly display: string };

/** Where experiments live unless something else is said. */
export const DEFAULT_LOCATION = "file:.dotevals/dotevals.db";

const FORMS =
  "Use file:PATH (or a path that ends in .db), libsql://HOST, https://HOST, http://HOST or memory:.";

/**
 * Reads a location.
 *
 * @throws {DotevalsError} `unknown-storage` with the accepted forms
 */
export function parseLocation(location: string): StorageLocation {
  if (location === "memory:") return { type: "memory" };
  if (/^file:/i.test(location)) return file(filePath(location), location);
  if (/^(libsql|https?):\/\//i.test(location)) return remote(location);
  if (!/^[a-z][a-z0-9+.-]+:/i.test(location) && location.endsWith(".db")) {
    return file(location, `file:${location}`);
  }
  throw unknown(location);
}

/** What an address holds that nobody else may see: a password, and the values of its query. */
export function secretsIn(location: string): readonly string[] {
  if (!/^(libsql|https?):\/\//i.test(location) || !URL.canParse(location)) return [];
  const { password, search, searchParams } = new URL(location);
  const asWritten = search.slice(1).split("&").map((part) => part.slice(part.indexOf("=") + 1));
  return [password, decoded(password), ...searchParams.values(), ...asWritten];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function filePath(location: string): string {
  if (!/^file:\/\//i.test(location)) return location.slice("file:".length);
  try {
    return fromFileUrl(location);
  } catch {
    throw unknown(location);
  }
}

function file(path: string, display: string): StorageLocation {
  if (path === "" || path.includes("\0")) throw unknown(display);
  return { type: "file", path: resolve(path), display };
}

function remote(location: string): StorageLocation {
  if (!URL.canParse(location)) throw unknown(location);
  const { protocol, host, pathname } = new URL(location);
  const path = pathname === "/" ? "" : pathname;
  return { type: "remote", url: location, display: `${protocol}//${host}${path}` };
}

/** Shows no more than the scheme of what may hold a secret. */
function unknown(location: string): DotevalsError {
  const shown = location.includes("@") || location.includes("?")
    ? `${location.slice(0, location.indexOf(":") + 1)}…`
    : location;
  return new DotevalsError(`${JSON.stringify(shown)} names no storage.`, {
    code: "unknown-storage",
    hint: FORMS,
  });
}
