/**
 * Brings a plugin's modules onto this machine, without running any of them.
 *
 * @module
 */
import { join } from "@std/path/join";
import { DotevalsError } from "../../errors.ts";
import { PROGRAM } from "../../program.ts";
import type { SandboxSource } from "../sandbox/flags.ts";
import { fillCache, type FillOptions } from "./fill_cache.ts";
import { lockCommand } from "./lock_command.ts";
import {
  digestOf,
  hasNpm,
  importHosts,
  type ModuleHashes,
  readModuleHashes,
  redirectsOf,
} from "./module_hashes.ts";

/** Where modules are kept, in the project's folder: a Deno cache of its own for each locked graph. */
const FOLDER = ".dotevals/providers";

/** What the name of a download begins with that is under way. */
const TEMPORARY = "new-";

/** Milliseconds after which a download is under way no more, whatever became of it. */
const ABANDONED_MS = 60 * 60 * 1000;

/** A plugin's modules, on this machine. */
export interface Downloaded {
  readonly source: SandboxSource;
  readonly modules: ModuleHashes;
}

/** What downloads need of the world. */
export interface DownloadOptions extends Omit<FillOptions, "frozen"> {
  /** The project's folder. */
  readonly cwd: string;
}

/**
 * Downloads what is at `url` now, and says of what it is made.
 *
 * @throws {DotevalsError} `provider-not-downloaded`, or `provider-redirected` where the answer came
 * from another origin
 */
export async function downloadNew(url: string, options: DownloadOptions): Promise<Downloaded> {
  const place = await temporaryPlace(options);
  try {
    await fillCache(place, url, { ...options, frozen: false });
    const modules = await readLockOf(place);
    checkRedirects(url, { modules, ...options });
    return { modules, source: await settle(place, url, { ...options, modules }) };
  } catch (error) {
    await Deno.remove(place, { recursive: true }).catch(() => {});
    throw error;
  }
}

/**
 * The modules that were locked: those on this machine, or else the same from where they came.
 *
 * @throws {DotevalsError} `provider-changed` where it is something else now, or
 * `provider-redirected` where the lock leads elsewhere
 */
export async function downloadLocked(
  url: string,
  { modules, ...options }: DownloadOptions & { readonly modules: ModuleHashes },
): Promise<SandboxSource> {
  checkRedirects(url, { modules, ...options });
  const there = sourceIn(placeOf(url, modules, options.cwd), url, modules);
  if (await isThere(there, modules)) return there;
  const place = await temporaryPlace(options);
  try {
    await Deno.writeTextFile(join(place, "lock.json"), JSON.stringify(modules));
    await fillCache(place, url, { ...options, frozen: true });
    return await settle(place, url, { ...options, modules });
  } catch (error) {
    await Deno.remove(place, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** Deletes the modules of a plugin that is locked no more. */
export async function deleteDownload(
  url: string,
  { modules, cwd }: { readonly modules: ModuleHashes; readonly cwd: string },
): Promise<void> {
  await Deno.remove(placeOf(url, modules, cwd), { recursive: true }).catch(() => {});
}

/** Whoever names one origin trusts that one: its answer must not come from another. */
function checkRedirects(
  url: string,
  { modules, program = PROGRAM }: DownloadOptions & { readonly modules: ModuleHashes },
): void {
  for (const [from, to] of redirectsOf(modules)) {
    if (from.startsWith("jsr:") || from.startsWith("npm:")) continue;
    const origin = URL.parse(from)?.origin;
    if (origin !== undefined && origin === URL.parse(to)?.origin) continue;
    throw new DotevalsError(`The provider ${url} leads to another origin: ${from} to ${to}.`, {
      code: "provider-redirected",
      hint: `If you trust that one, name it: ${lockCommand(to, { program, command: "add" })}`,
      exitCode: 3,
    });
  }
}

async function temporaryPlace({ cwd }: DownloadOptions): Promise<string> {
  const folder = join(cwd, FOLDER);
  await Deno.mkdir(folder, { recursive: true });
  const place = await Deno.makeTempDir({ dir: folder, prefix: TEMPORARY });
  await sweep(folder, place);
  return place;
}

/** Deletes what downloads left that were killed long before `place` was made. */
async function sweep(folder: string, place: string): Promise<void> {
  const { mtime: now } = await Deno.stat(place);
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const path = join(folder, name);
    // Other sessions download, and sweep, at the same time.
    const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
    if (now === null || mtime === null || now.getTime() - mtime.getTime() < ABANDONED_MS) continue;
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}

async function readLockOf(place: string): Promise<ModuleHashes> {
  const text = await Deno.readTextFile(join(place, "lock.json")).catch(() => "{}");
  const { workspace: _, ...modules } = JSON.parse(text);
  return readModuleHashes(modules);
}

/** Gives a download its final place, which its content names. */
async function settle(
  place: string,
  url: string,
  { modules, cwd }: { readonly modules: ModuleHashes; readonly cwd: string },
): Promise<SandboxSource> {
  // Where Deno would keep `localStorage` and `caches`: as a file, it keeps neither.
  await Deno.remove(join(place, "location_data"), { recursive: true }).catch(() => {});
  await Deno.writeTextFile(join(place, "location_data"), "");
  await Deno.writeTextFile(join(place, "lock.json"), JSON.stringify(modules));
  const target = placeOf(url, modules, cwd);
  const source = sourceIn(target, url, modules);
  try {
    await Deno.rename(place, target);
  } catch (error) {
    // Another session, or another model of this one, may have been quicker.
    if (await isThere(source, modules)) await Deno.remove(place, { recursive: true });
    else if (await exists(target)) {
      await Deno.remove(target, { recursive: true });
      await Deno.rename(place, target);
    } else throw error;
  }
  return source;
}

/** Whether a download stands in its place, with a lock file that nobody changed. */
async function isThere({ lockPath }: SandboxSource, modules: ModuleHashes): Promise<boolean> {
  const text = await Deno.readTextFile(lockPath ?? "").catch(() => undefined);
  return text === JSON.stringify(modules);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function placeOf(url: string, modules: ModuleHashes, cwd: string): string {
  return join(cwd, FOLDER, digestOf(url, modules));
}

function sourceIn(place: string, url: string, modules: ModuleHashes): SandboxSource {
  return {
    url,
    cacheDir: place,
    lockPath: join(place, "lock.json"),
    importHosts: importHosts(modules),
    hasNpm: hasNpm(modules),
  };
}
