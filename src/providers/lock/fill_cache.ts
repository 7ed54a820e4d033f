/**
 * Has Deno download modules into a cache of their own, without running them.
 *
 * @module
 */
import { join } from "@std/path/join";
import { type Clock, systemClock } from "../../clock.ts";
import { DotevalsError } from "../../errors.ts";
import { PROGRAM } from "../../program.ts";
import { withoutAnsi } from "../../without_ansi.ts";
import { lockCommand } from "./lock_command.ts";
import { hostOf } from "./module_hashes.ts";

/** Milliseconds that a download may take in all: an origin can keep anybody waiting for ever. */
const LIMIT_MS = 10 * 60 * 1000;

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

/** What filling a cache needs. */
export interface FillOptions {
  /** Says where registries are. */
  readonly env: (name: string) => string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What to write in a shell to run the command. @default {PROGRAM} */
  readonly program?: string;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Milliseconds that it may take. @default {600_000} */
  readonly limitMs?: number;
  /** Whether its lock file says what has to come. */
  readonly frozen: boolean;
}

/**
 * Downloads a plugin's modules into the folder `place`, with a lock file of their hashes.
 *
 * @throws {DotevalsError} `provider-changed` where a locked module is another one now;
 * `provider-not-downloaded`
 */
export async function fillCache(place: string, url: string, options: FillOptions): Promise<void> {
  const { signal, clock = systemClock, limitMs = LIMIT_MS } = options;
  const late = new AbortController();
  const stop = clock.after(limitMs, () => late.abort());
  const signals = signal ? [signal, late.signal] : [late.signal];
  const { success, stderr } = await denoCache(place, url, {
    ...options,
    signal: AbortSignal.any(signals),
  }).finally(stop);
  signal?.throwIfAborted();
  if (success) return;
  const said = late.signal.aborted
    ? `it had not come after ${limitMs / 1000} s`
    : withoutAnsi(new TextDecoder().decode(stderr));
  throw notDownloaded(url, { ...options, said });
}

async function denoCache(
  place: string,
  url: string,
  { env, signal, frozen }: FillOptions,
): Promise<Deno.CommandOutput> {
  const own = hostOf(url);
  const jsr = env("JSR_URL");
  const hosts = [...USUAL_HOSTS, ...own === "" ? [] : [own], ...jsr ? [hostOf(jsr)] : []];
  return await new Deno.Command(Deno.execPath(), {
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
      // The project's own packages are nothing of a plugin's business.
      DENO_NO_PACKAGE_JSON: "1",
    },
    cwd: place,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    ...signal && { signal },
  }).output();
}

function notDownloaded(
  url: string,
  { said, frozen, program = PROGRAM }: Pick<FillOptions, "frozen" | "program"> & {
    /** What Deno wrote. */
    readonly said: string;
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
  return new DotevalsError(`The provider ${url} could not be downloaded: ${inOurWords(why)}`, {
    code: "provider-not-downloaded",
    hint: wayOut(url, why),
    exitCode: 3,
  });
}

/** Deno names a flag of its own, which nobody here can give, and says the same in several depths. */
function inOurWords(why: string): string {
  return why.replace(
    /Requires import access to "([^"]+)", run again with the --allow-import flag/,
    'it leads to "$1", from which it may not import',
  ).replace(/\n\s+0: /, " ").replaceAll(/\n\s+\d+: .*/g, "");
}

/** What to do about a download that failed. */
function wayOut(url: string, why: string): string {
  if (/Requires import access/.test(why)) {
    return "Its modules may come from its own host, JSR, npm and Deno's usual hosts for imports.";
  }
  if (
    why.includes(`Module not found "${url}"`) ||
    /package .* does not exist/.test(why)
  ) {
    return "Nothing is there. Look at how the address is spelled.";
  }
  if (/Module not found|SyntaxError|expression could not be/.test(why)) {
    return "Its publisher has to mend it: what is there is not a whole program.";
  }
  return "Look whether this machine is online, and at how the address is spelled. What is locked and " +
    "was downloaded runs without a network.";
}
