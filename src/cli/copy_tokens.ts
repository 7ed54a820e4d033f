/**
 * The access tokens of two storages. They come from the environment, never from the command line,
 * which others can see and shells remember.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { type LibsqlLocation, parseLasting } from "../storage/open_libsql.ts";
import type { CommandIo } from "./command.ts";
import { storageToken } from "./storage_option.ts";

/** Where to look for tokens. */
export interface CopyTokensOptions {
  readonly env: CommandIo["env"];
  /** What `--from-token-variable` says. */
  readonly fromVariable: string | undefined;
  /** What `--to-token-variable` says. */
  readonly toVariable: string | undefined;
}

/** The tokens of two storages; `undefined` for one that has none. */
export interface CopyTokens {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * Reads both.
 *
 * @throws {DotevalsError} `invalid-value` where both are the same storage, where a token would go
 * to a server that it may not be for, and for variables that are not set or of no use
 */
export function copyTokens(
  places: { readonly from: string; readonly to: string },
  { env, fromVariable, toVariable }: CopyTokensOptions,
): CopyTokens {
  const [from, to] = [parseLasting(places.from), parseLasting(places.to)];
  refuseSame(from, to);
  const tokens = {
    from: tokenOf(from, { env, option: "--from-token-variable", variable: fromVariable }),
    to: tokenOf(to, { env, option: "--to-token-variable", variable: toVariable }),
  };
  const unnamed = fromVariable === undefined && toVariable === undefined;
  if (unnamed && tokens.from !== undefined && hostOf(from) !== hostOf(to) && isRemote(from, to)) {
    throw new DotevalsError("There are two servers and one access token.", {
      code: "invalid-value",
      hint: "Say which environment variable holds the token of each: " +
        "--from-token-variable NAME --to-token-variable NAME.",
    });
  }
  return tokens;
}

function refuseSame(from: LibsqlLocation, to: LibsqlLocation): void {
  const [one, other] = [from, to].map((place) =>
    place.type === "file" ? place.path : hostOf(place)
  );
  if (one !== other || from.type !== to.type) return;
  throw new DotevalsError(`FROM and TO are the same storage: ${from.display}.`, {
    code: "invalid-value",
    hint: "Name two storages.",
  });
}

interface TokenOptions {
  readonly env: CommandIo["env"];
  readonly option: string;
  readonly variable: string | undefined;
}

function tokenOf(
  place: LibsqlLocation,
  { env, option, variable }: TokenOptions,
): string | undefined {
  if (place.type === "file" && variable !== undefined) {
    throw new DotevalsError(`${option} is "${variable}", and ${place.display} is a file.`, {
      code: "invalid-value",
      hint: "Files take no access token: leave the option out.",
    });
  }
  if (place.type === "file") return undefined;
  if (variable === undefined) return storageToken(env);
  const token = env(variable);
  if (token) return token;
  // It may be the token itself, which is to be seen nowhere.
  const shown = /^[A-Z_][A-Z0-9_]{0,63}$/i.test(variable) ? `${variable}, which` : "a name that";
  throw new DotevalsError(`${option} names ${shown} is not set in the environment.`, {
    code: "invalid-value",
    hint: "Give the name of an environment variable that holds the token, not the token.",
  });
}

function isRemote(...places: readonly LibsqlLocation[]): boolean {
  return places.every(({ type }) => type === "remote");
}

function hostOf(place: LibsqlLocation): string | undefined {
  if (place.type === "file") return undefined;
  const { host, pathname } = new URL(place.url);
  return `${host}${pathname}`;
}
