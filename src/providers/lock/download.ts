/**
 * Brings a plugin's modules onto this machine, without running any of them.
 *
 * @module
 */
import { join } from "@std/path/join";
import { DotevalsError } from "../../errors.ts";
import { PROGRAM } from "../../program.ts";
import { withoutAnsi } from "../../without_ansi.ts";
import type { SandboxSource } from "../sandbox/flags.ts";
import { lockCommand } from "./lock_command.ts";
import {
  digestOf,
  hasNpm,
  hostOf,
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

/** Hosts that Deno imports from unless told otherwise; a plugin may import from these and its own. */
const USUAL_HOSTS: readonly string[] = [
  "deno.land:443",
  "jsr.io:443",
  "esm.sh:443",
  "raw.esm.sh:443",
  "cdn.jsdelivr.net:443",
  "raw.githubusercontent.com:443",
  "gist.githubusercontent.com:443",
];

/** Variables that say where registries are. */
const REGISTRIES: readonly string[] = ["JSR_URL", "NPM_CONFIG_REGISTRY"];

/** A plugin's modules, on this machine. */
export interface Downloaded {
  readonly source: SandboxSource;
  readonly modules: ModuleHashes;
}

/** What downloads need of the world. */
export interface DownloadOptions {
  /** The project's folder. */
  readonly cwd: string;
  /** Says where registries are. */
  readonly env: (name: string) => string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @default {PROGRAM} */
  readonly program?: string;
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
    await fill(place, url, { ...options, frozen: false });
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
 * @throws {DotevalsError} `provider-changed` where it is something else now
 */
export async function downloadLocked(
  url: string,
  { modules, ...options }: DownloadOptions & { readonly modules: ModuleHashes },
): Promise<SandboxSource> {
  const there = sourceIn(placeOf(url, modules, options.cwd), url, modules);
  if (await isThere(there, modules)) return there;
  const place = await temporaryPlace(options);
  try {
    await Deno.writeTextFile(join(place, "lock.json"), JSON.stringify(modules));
    await fill(place, url, { ...options, frozen: true });
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

async function fill(
  place: string,
  url: string,
  { frozen, signal, env, program = PROGRAM }: DownloadOptions & { readonly frozen: boolean },
): Promise<void> {
  const own = hostOf(url);
  const jsr = env("JSR_URL");
  const hosts = [...USUAL_HOSTS, ...own === "" ? [] : [own], ...jsr ? [hostOf(jsr)] : []];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "cache",
      "--quiet",
      "--no-config",
      "--no-check",
      "--node-modules-dir=none",
      `--allow-import=${hosts.join()}`,
      `--lock=${join(place, "lock.json")}`,
      ...frozen ? ["--frozen"] : [],
      url,
    ],
    env: {
      ...Object.fromEntries(
        REGISTRIES.map((name) => [name, env(name)]).filter(([, value]) => value !== undefined),
      ),
      DENO_DIR: place,
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
    },
    cwd: place,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    ...signal && { signal },
  }).output();
  signal?.throwIfAborted();
  if (success) return;
  const said = withoutAnsi(new TextDecoder().decode(stderr));
  throw notDownloaded(url, { said, frozen, program });
}

function notDownloaded(
  url: string,
  { said, frozen, program }: {
    /** What Deno wrote. */
    readonly said: string;
    readonly frozen: boolean;
    readonly program: string;
  },
): DotevalsError {
  const changed = /integrity check failed|checksum did not match|lockfile is out of date|--frozen/i
    .test(said);
  const module = /Specifier: (\S+)/.exec(said)?.[1];
  if (changed && frozen) {
    return new DotevalsError(
      `The provider ${url} is not what was locked${
        module === undefined ? "" : `: ${module} has changed`
      }. It was not run.`,
      {
        code: "provider-changed",
        hint: `See what changed, and grant it: ${lockCommand(url, { program, command: "update" })}`,
        exitCode: 3,
      },
    );
  }
  const why = said.replace(/^error: /, "").split("\n\n")[0]?.trim() || "deno cache failed";
  return new DotevalsError(`The provider ${url} could not be downloaded: ${why}`, {
    code: "provider-not-downloaded",
    hint: "Its modules may come from its own host, JSR, npm and Deno's usual hosts for imports.",
    exitCode: 3,
  });
}

/** Whoever names one origin trusts that one: its answer must not come from another. */
function checkRedirects(
  url: string,
  { modules, program = PROGRAM }: DownloadOptions & { readonly modules: ModuleHashes },
): void {
  for (const [from, to] of redirectsOf(modules)) {
    if (from.startsWith("jsr:") || from.startsWith("npm:")) continue;
    if (new URL(from).origin === new URL(to).origin) continue;
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
