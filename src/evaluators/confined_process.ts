/**
 * Deno processes that may do little, for not too long.
 *
 * @module
 */
import { join } from "@std/path/join";
import { Watchdog } from "../providers/watchdog.ts";

/** What to run, and what it may take. */
export interface Confined {
  /** Flags of `deno run`, and the module. */
  readonly args: readonly string[];
  /**
   * Whether it finds what Deno downloaded, which needs this process's environment; the code that it runs
   * may not read that.
   *
   * @default {false}
   */
  readonly usesCache?: boolean;
  /** What it reads from its standard input. */
  readonly input: string;
  /** The one file in its folder. */
  readonly file?: { readonly name: string; readonly text: string };
  /** Milliseconds until it is killed. */
  readonly timeoutMs: number;
  /** Megabytes of memory beyond which it is killed. */
  readonly memoryMb: number;
}

/** How it ended; what it printed, up to a limit. */
export interface ConfinedEnd {
  /** Why it was killed; `undefined` where it ended by itself. */
  readonly killed: "time" | "memory" | "output" | undefined;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bytes of output beyond which a process is killed. */
const MOST_OUTPUT = 4_000_000;

/** Milliseconds between looks at its memory. */
const LOOK = 50;

/**
 * Runs a Deno process without prompts, in a folder of its own. What it may do is up to the flags; what
 * it may take is enforced here: time, output, the heap (V8) and WebAssembly's memory everywhere, and on
 * Linux the whole resident memory.
 */
export async function runConfined(confined: Confined): Promise<ConfinedEnd> {
  const { args, input, file, timeoutMs, memoryMb, usesCache = false } = confined;
  await using folder = await temporaryFolder();
  if (file !== undefined) await Deno.writeTextFile(join(folder.path, file.name), file.text);
  const limits = `--max-old-space-size=${memoryMb},--wasm-max-mem-pages=${memoryMb * 16}`;
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-lock", `--v8-flags=${limits}`, ...args],
    clearEnv: !usesCache,
    env: { NO_COLOR: "1" },
    cwd: folder.path,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // A group of its own, which the watchdog ends.
    detached: true,
  }).spawn();
  let killed: ConfinedEnd["killed"];
  const kill = (reason: ConfinedEnd["killed"]) => {
    killed ??= reason;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  };
  // Before it has anything to run: code that spins does not see that this process was killed.
  await using _watchdog = await watchdogOver(child.pid);
  const timer = setTimeout(() => kill("time"), timeoutMs);
  const watch = setInterval(async () => {
    if (await residentMb(child.pid) > memoryMb + OWN_MB) kill("memory");
  }, LOOK);
  try {
    const [stdout, stderr, { code }] = await Promise.all([
      readSome(child.stdout, () => kill("output")),
      readSome(child.stderr, () => kill("output")),
      child.status,
      feed(child.stdin, input),
    ]);
    return { killed, code, stdout, stderr };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
  }
}

/** What Deno takes by itself. */
const OWN_MB = 100;

async function watchdogOver(pid: number): Promise<AsyncDisposable | undefined> {
  if (Deno.build.os === "windows") return undefined;
  const options = { name: "code under test", asks: false, patienceMs: 0, log: () => {} };
  const watchdog = await Watchdog.over(pid, options);
  return { [Symbol.asyncDispose]: () => watchdog.release() };
}

async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "dotevals-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function feed(stdin: WritableStream<Uint8Array>, input: string): Promise<void> {
  try {
    await new Blob([input]).stream().pipeTo(stdin);
  } catch {
    // It ended without reading all of it.
  }
}

/** Megabytes that a process has in memory; 0 where that cannot be known. */
async function residentMb(pid: number): Promise<number> {
  if (Deno.build.os !== "linux") return 0;
  try {
    const [, pages] = (await Deno.readTextFile(`/proc/${pid}/statm`)).split(" ");
    return Number(pages) * 4096 / 1_000_000;
  } catch {
    return 0;
  }
}

async function readSome(
  stream: ReadableStream<Uint8Array>,
  onTooMuch: () => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MOST_OUTPUT) onTooMuch();
    else text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
