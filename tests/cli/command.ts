/**
 * Runs the real command as a child process, in a folder of its own.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";
import { type Finished, finished } from "../finished.ts";

export { finished };

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** A folder to run commands in, gone when disposed of. */
export interface Workplace extends AsyncDisposable {
  /** The folder. */
  readonly folder: string;
  /** Runs `dotevals` with these arguments to its end. */
  dotevals(...args: readonly string[]): Promise<Finished>;
  /** Starts `dotevals` with these arguments. */
  start(args: readonly string[], options?: StartOptions): Deno.ChildProcess;
  /** Writes a file, and its folders. */
  write(path: string, text: string): Promise<string>;
}

/** Options of `start`. */
export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Deno itself. */
  readonly flags?: readonly string[];
}

/** The path of a project under `tests/fixtures`. */
export function fixturePath(name: string): string {
  return join(ROOT, "tests", "fixtures", name);
}

/** Makes a folder to run commands in. */
export async function workplace(env: Readonly<Record<string, string>> = {}): Promise<Workplace> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "dotevals" }));
  function start(args: readonly string[], options: StartOptions = {}): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", ...options.flags ?? [], join(ROOT, "cli.ts"), ...args],
      cwd: folder,
      env: { NO_COLOR: "1", ...env, ...options.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }
  return {
    folder,
    start,
    async dotevals(...args) {
      return await finished(start(args));
    },
    async write(path, text) {
      const absolute = join(folder, path);
      await Deno.mkdir(join(absolute, ".."), { recursive: true });
      await Deno.writeTextFile(absolute, text);
      return absolute;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** What differs between two runs that went the same way. */
const TIMES = [
  "startedAt",
  "durationMs",
  "latencyMs",
  "timeToFirstTokenMs",
  "meanLatencyMs",
  "sentMs",
];

/** What `show --json --full` says of an experiment, without what time made of it. */
export async function shown(place: Workplace, experiment: string): Promise<unknown> {
  const { stdout } = await place.dotevals("show", experiment, "--json", "--full");
  return JSON.parse(
    stdout,
    (key, value) => TIMES.includes(key) ? undefined : value,
  );
}

/** Reads a stream until a text has occurred so many times; the rest is thrown away as it comes. */
export async function readUntil(
  stream: ReadableStream<Uint8Array>,
  text: string,
  times = 1,
): Promise<void> {
  const [reader, decoder] = [stream.getReader(), new TextDecoder()];
  let read = "";
  while (read.split(text).length <= times) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The stream ended before ${JSON.stringify(text)}: ${read}`);
    read += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
}
