/**
 * A vLLM server in a sandbox on Modal: from nothing to one that answers.
 *
 * @module
 */
import { delay } from "@std/async/delay";
import type { Sandbox } from "modal";
import type { Connection } from "../modal/connection.ts";
import { startFailure } from "../vllm/start_failure.ts";
import { within } from "../vllm/within.ts";
import { followLog } from "./sandbox_log.ts";
import { PORT, type SandboxLauncher } from "./sandbox_launcher.ts";

const TUNNEL_PATIENCE_MS = 50_000;
const HEALTH_POLL_MS = 500;
const LOG_PATIENCE_MS = 2000;
const END_PATIENCE_MS = 5000;
const WATCH_AGAIN_MS = 1000;

/** A server that answers. */
export interface SandboxServer {
  readonly id: string;
  /** The tunnel's end. */
  readonly url: string;
  /** Resolves with what happened when the sandbox has ended; never rejects. */
  readonly ended: Promise<string>;
}

/** What {@linkcode startServer} needs. */
export interface StartServerOptions {
  readonly model: string;
  readonly launcher: SandboxLauncher;
  readonly until: Connection["until"];
  readonly http: Deno.HttpClient;
  readonly startTimeoutMs: number;
  /** Ends the start, and later the watch over the server. */
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/**
 * Starts a sandbox and waits until its model is loaded. A sandbox that fails to is ended.
 *
 * @throws {DotevalsError} `vllm-not-started` with the end of its log, or the signal's reason
 */
export async function startServer(options: StartServerOptions): Promise<SandboxServer> {
  const { launcher, signal } = options;
  const sandbox = await launcher.start(signal);
  const id = sandbox.sandboxId;
  try {
    const ended = watch(sandbox, options);
    const url = await readyAt(sandbox, { ...options, ended });
    return {
      id,
      url,
      ended: ended.then((code) => {
        launcher.forget(id);
        return `The sandbox ${id} ended with exit code ${code}.`;
      }),
    };
  } catch (error) {
    await launcher.end(id);
    throw error;
  }
}

interface Watched extends StartServerOptions {
  readonly ended: Promise<number | null>;
}

async function readyAt(sandbox: Sandbox, options: Watched): Promise<string> {
  const { model, until, signal, ended, startTimeoutMs, onLine } = options;
  await using log = followLog(sandbox, onLine);
  const stop = new AbortController();
  const ending = AbortSignal.any([signal, stop.signal]);
  const failed = (what: string, code?: number) =>
    startFailure({
      command: "vllm",
      model,
      what: `in the sandbox ${sandbox.sandboxId} ${what}`,
      status: code === undefined ? undefined : { code, success: code === 0, signal: null },
      tail: log.tail,
    });
  const endedEarly = ended.then(async (code) => {
    await within(log.whole, LOG_PATIENCE_MS);
    throw failed(`ended with exit code ${code} before it was ready`, code ?? undefined);
  });
  const ready = until(ending, async () => {
    const tunnel = await tunnelOf(sandbox);
    if (tunnel === undefined) throw failed("has no tunnel");
    await healthy(tunnel.url, { http: options.http, signal: ending });
    return tunnel.url;
  }).catch(async (error) => {
    // A sandbox that has ended has no tunnel either; its end says more.
    if (!ending.aborted) await within(endedEarly.catch(() => {}), END_PATIENCE_MS);
    throw error;
  });
  const late = delay(startTimeoutMs, { signal: ending }).then(() => {
    throw failed(`was not ready within ${startTimeoutMs / 1000} s`);
  });
  try {
    return await Promise.race([ready, endedEarly, late]);
  } finally {
    stop.abort();
  }
}

/** The tunnel is there once the sandbox runs, which takes longer where its image is new. */
async function tunnelOf(sandbox: Sandbox) {
  while (true) {
    try {
      return (await sandbox.tunnels(TUNNEL_PATIENCE_MS))[PORT];
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "SandboxTimeoutError") throw error;
    }
  }
}

/** Asks until the server says that it is ready; a tunnel refuses, or answers 502, until then. */
async function healthy(
  url: string,
  { http, signal }: { readonly http: Deno.HttpClient; readonly signal: AbortSignal },
): Promise<void> {
  while (true) {
    try {
      const response = await fetch(`${url}/health`, { client: http, signal });
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      signal.throwIfAborted();
    }
    await delay(HEALTH_POLL_MS, { signal });
  }
}

/** The exit code of a sandbox once it has ended; waits forever once it is not to be waited for. */
async function watch(sandbox: Sandbox, options: StartServerOptions): Promise<number | null> {
  const { until, signal } = options;
  while (!signal.aborted) {
    try {
      return await until(signal, () => sandbox.wait());
    } catch {
      // Not knowing is no sign of an end: the connection may be back in a moment.
      await delay(WATCH_AGAIN_MS, { signal }).catch(() => {});
    }
  }
  return await new Promise<never>(() => {});
}
