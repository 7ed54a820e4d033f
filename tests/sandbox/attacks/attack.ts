/**
 * What an attack is, and how it has to fail.
 *
 * @module
 */

/** Where an attack takes place; it gets this as JSON. */
export interface World {
  /** What must not be read by a plugin, nor be sent anywhere. */
  readonly secret: string;
  /** A folder with files that hold the secret: `secret.txt`, `.json`, `.js`. */
  readonly folder: string;
  /** The plugin's own origin. */
  readonly own: string;
  /** An origin that it was not granted. */
  readonly other: string;
  /** The same on IPv6's loopback; none where there is no IPv6. */
  readonly other6: string | undefined;
  /** A port of this machine that takes any connection. */
  readonly port: number;
  /** A granted host that redirects `/to-other?…` to the other origin. */
  readonly allowed: string;
  /** A name that leads to a server on this machine and is not `localhost`; none where there is none. */
  readonly named: string | undefined;
  /** The port of a name server on this machine. */
  readonly dns: number;
}

/** The permissions of Deno, as its refusals name them. */
export type Permission = "read" | "write" | "net" | "env" | "run" | "ffi" | "sys" | "import";

/** How an attack fails: for want of a permission, because nothing is imported anew, or in its own way. */
export type Refusal =
  | Permission
  | "not cached"
  | {
    /** What its error says. */
    readonly says: RegExp;
    /** Why it does not say that a permission is missing. */
    readonly because: string;
  };

/** One way out of a sandbox. */
export interface Attack {
  readonly name: string;
  /** The body of an async function of `world`: returns what it read, or the secret once it is out. */
  readonly code: string;
  readonly refused: Refusal;
  /** How it fails in a plugin with packages of npm, where that is another way. */
  readonly refusedWithPackages?: Refusal;
}

/** What the error of a refused attack says. */
export function refusalText(refused: Refusal): RegExp {
  if (typeof refused === "object") return refused.says;
  if (refused === "not cached") return /not found in cache: "[^"]+", --cached-only is specified/;
  return new RegExp(`Requires (unscoped |--allow-all )?${refused} access|--allow-${refused}\\b`);
}
