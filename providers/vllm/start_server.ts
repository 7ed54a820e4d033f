/**
 * From a model's name to a server that serves it.
 *
 * @module
 */
import { delay } from "@std/async/delay";
import type { LogLevel } from "../../src/providers/provider.ts";
import { isHealthy, servedModels, type ServerAddress } from "./served_model.ts";
import { ServerProcess } from "./server_process.ts";
import { endOf, isPortTaken, startFailure } from "./start_failure.ts";

const HOST = "127.0.0.1";
const POLL_MS = 100;

/** How many ports are tried. */
const PORTS = 5;

/** Which server is started, and how. */
export interface StartServerOptions {
  readonly model: string;
  /** The executable. */
  readonly command: string;
  /** Flags of the user. */
  readonly flags: readonly string[];
  /** The key that the server asks for. */
  readonly key: string | undefined;
  readonly startTimeoutMs: number;
  /** Aborted when the server is no longer wanted. */
  readonly signal: AbortSignal;
  readonly log: (level: LogLevel, message: string) => void;
  /** Chooses a port that is free now. */
  readonly choosePort?: () => number;
}

/** A server that is ready. */
export interface StartedServer extends ServerAddress {
  readonly process: ServerProcess;
  /** What requests call the model. */
  readonly served: string;
}

/**
 * Starts a server and waits until it is ready.
 *
 * The port is chosen before vllm takes it, so somebody else may take it meanwhile; another one is
 * tried then.
 *
 * @throws {DotevalsError} `vllm-not-started`, with the end of vllm's log
 * @throws the signal's reason once it is aborted, with nothing left running
 */
export async function startServer(options: StartServerOptions): Promise<StartedServer> {
  const { command, model, log, choosePort = freePort } = options;
  const late = AbortSignal.timeout(options.startTimeoutMs);
  for (let attempt = 1;; attempt++) {
    options.signal.throwIfAborted();
    const port = choosePort();
    const address = { url: `http://${HOST}:${port}`, key: options.key };
    const server = await launch(port, options);
    log("info", `${command} serve ${model} is starting on port ${port} (process ${server.pid}).`);
    const outcome = await readiness(server, address, { ...options, late });
    if (outcome.served !== undefined) {
      log("info", `${model} is ready on port ${port}.`);
      return { ...address, served: outcome.served, process: server };
    }
    const { status } = server;
    await server.end(0);
    options.signal.throwIfAborted();
    const { tail } = server;
    if (attempt < PORTS && (outcome.otherServer || (status && isPortTaken(tail.text)))) {
      log("warn", `Port ${port} was taken meanwhile; another one is tried.`);
      continue;
    }
    throw startFailure({ command, model, what: outcome.what, status, tail });
  }
}

async function launch(port: number, options: StartServerOptions): Promise<ServerProcess> {
  const { command, model, flags, key, log } = options;
  return await ServerProcess.start(command, {
    args: ["serve", model, "--host", HOST, "--port", String(port), ...flags],
    env: key ? { VLLM_API_KEY: key } : {},
    log,
  });
}

/** A server's name for the model once it is ready, or why it is not. */
type Readiness =
  | { readonly served: string }
  | { readonly served?: undefined; readonly what: string; readonly otherServer?: boolean };

/** Waits until a server is ready, has ended, or is late. */
async function readiness(
  server: ServerProcess,
  address: ServerAddress,
  options: StartServerOptions & { readonly late: AbortSignal },
): Promise<Readiness> {
  const { model, late, startTimeoutMs } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, late, over.signal]);
  void server.exited.then(() => over.abort());
  try {
    while (!await isHealthy(address.url, signal)) await delay(POLL_MS, { signal });
    const { names, served } = await servedModels(address, { model, signal });
    signal.throwIfAborted();
    if (served !== undefined) return { served };
    // Two servers of one user may listen on one port: vLLM sets SO_REUSEPORT.
    const what = `found another server at ${address.url}, which serves ${names.join(", ")}`;
    return { what, otherServer: true };
  } catch (error) {
    if (server.status) return { what: `${endOf(server.status)} before it was ready` };
    if (signal.aborted) return { what: `was not ready within ${startTimeoutMs / 1000} s` };
    return { what: `does not say which model it serves: ${error}` };
  }
}

/** Ports that were given to servers of this process, which may not have taken them yet. */
const given = new Set<number>();

/** A port that nobody listens on now, and that no other server of this process was given. */
function freePort(): number {
  for (;;) {
    using listener = Deno.listen({ hostname: HOST, port: 0 });
    const { port } = listener.addr;
    if (given.has(port)) continue;
    given.add(port);
    return port;
  }
}
