/**
 * `dotevals.lock.json`: which plugins may run, what each was granted, and the hash of every module.
 *
 * @module
 */
import { join } from "@std/path/join";
import { DotevalsError, messageOf } from "../../errors.ts";
import { type Grant, toGrant } from "../sandbox/grant.ts";
import { type ModuleHashes, readModuleHashes } from "./module_hashes.ts";

/** The file's name, in the folder that the command runs in. */
export const LOCK_FILE = "dotevals.lock.json";

/** One plugin. */
export interface LockedPlugin {
  /** What the plugin calls itself. */
  readonly name: string;
  readonly grant: Grant;
  /** The hash of everything that it is made of, in the form that Deno checks it by. */
  readonly modules: ModuleHashes;
}

/** All plugins of a project, by URL or spec. */
export type LockedPlugins = ReadonlyMap<string, LockedPlugin>;

/**
 * Reads the lock of a folder; empty where there is none.
 *
 * @throws {DotevalsError} `invalid-lock` if the file is not what dotevals wrote
 */
export async function readLock(folder: string): Promise<LockedPlugins> {
  const path = join(folder, LOCK_FILE);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw invalidLock(messageOf(error));
  }
  try {
    const { version, providers } = JSON.parse(text);
    if (version !== 1) throw new TypeError(`its version is ${JSON.stringify(version)}, not 1`);
    return new Map(
      Object.entries<Record<string, unknown>>(providers).map(([url, { name, grant, modules }]) => {
        if (typeof name !== "string") throw new TypeError(`"${url}" has no name`);
        const given = grant as { readonly net?: unknown; readonly env?: unknown };
        return [url, { name, grant: toGrant(given), modules: readModuleHashes(modules) }];
      }),
    );
  } catch (error) {
    throw invalidLock(messageOf(error));
  }
}

/** Writes the lock of a folder, whole or not at all; deletes it where nothing is locked. */
export async function writeLock(folder: string, plugins: LockedPlugins): Promise<void> {
  const path = join(folder, LOCK_FILE);
  if (plugins.size === 0) return await Deno.remove(path).catch(() => {});
  const sorted = [...plugins].sort(([left], [right]) => left < right ? -1 : 1);
  const lock = { version: 1, providers: Object.fromEntries(sorted) };
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  await Deno.writeTextFile(temporary, `${JSON.stringify(lock, null, 2)}\n`);
  await Deno.rename(temporary, path);
}

function invalidLock(why: string): DotevalsError {
  return new DotevalsError(`${LOCK_FILE} cannot be read: ${why}.`, {
    code: "invalid-lock",
    hint:
      "Take it from your version control as it was, or delete it and grant the providers again.",
  });
}
