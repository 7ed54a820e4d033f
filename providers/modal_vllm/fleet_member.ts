/**
 * One server of a fleet.
 *
 * @module
 */
import type { CallOptions, Model, ModelRequest, ModelResponse } from "../../src/providers/model.ts";
import { ModelError, ProviderCrashError } from "../../src/providers/model_error.ts";
import type { EndpointLoad } from "../../src/providers/provider.ts";
import { loadOf } from "../vllm/metrics.ts";
import type { SandboxServer } from "./start_server.ts";

const LOAD_PATIENCE_MS = 5000;

/** How old a server's load may be when the next request is sent, in milliseconds. */
const STALE_MS = 1000;

/** How long a server whose connection broke may take to be known as ended, in milliseconds. */
const DEATH_PATIENCE_MS = 2000;

/** What a member needs beside its server. */
export interface MemberOptions {
  readonly model: Pick<Model, "generate">;
  readonly http: Deno.HttpClient;
}

/** A server, what it has to do, and whether it is still there. */
export class FleetMember {
  readonly server: SandboxServer;
  readonly #options: MemberOptions;
  readonly #ending = new AbortController();
  #load: EndpointLoad | undefined;
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;
  /** Requests that were sent there and not answered yet. */
  inFlight = 0;

  /** A server that answers. */
  constructor(server: SandboxServer, options: MemberOptions) {
    this.server = server;
    this.#options = options;
  }

  /** How much a further request would wait behind: what was sent there, and what vLLM has waiting. */
  get burden(): number {
    return this.inFlight + this.waiting;
  }

  /** Requests that wait for their turn in vLLM, when it was last asked. */
  get waiting(): number {
    return this.#load?.waiting ?? 0;
  }

  /** Answers; a call that the server's end took with it says so, and can be tried again. */
  async generate(request: string | ModelRequest, options: CallOptions): Promise<ModelResponse> {
    const given = options.signal === undefined ? [] : [options.signal];
    const signal = AbortSignal.any([this.#ending.signal, ...given]);
    try {
      return await this.#options.model.generate(request, { signal });
    } catch (error) {
      if (signal.aborted || !isBroken(error)) throw error;
      // The tunnel says that nobody is there before Modal does, or somebody is still there.
      await this.#endedWithin(DEATH_PATIENCE_MS);
      throw this.#ending.signal.aborted ? this.#ending.signal.reason : error;
    }
  }

  /** Gives up what is in flight: the server is gone. */
  end(reason: Error): void {
    this.#ending.abort(reason);
  }

  /** Ends calls with what became of the server. */
  crashed(what: string): void {
    this.end(new ProviderCrashError(what));
  }

  /** Whether what is known of its load is of a while ago. */
  get isStale(): boolean {
    return performance.now() - this.#askedAt > STALE_MS;
  }

  /** Asks vLLM for its load; a server that does not say keeps what was known of it. */
  async ask(): Promise<EndpointLoad | undefined> {
    this.#asking ??= this.#ask().finally(() => this.#asking = undefined);
    await this.#asking;
    return this.#load;
  }

  async #ask(): Promise<void> {
    this.#askedAt = performance.now();
    const { http } = this.#options;
    try {
      const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(LOAD_PATIENCE_MS)]);
      const response = await fetch(`${this.server.url}/metrics`, { client: http, signal });
      const text = await response.text();
      if (response.ok) this.#load = loadOf(text) ?? this.#load;
    } catch {
      // Its calls will tell what is wrong with it.
    }
  }

  async #endedWithin(milliseconds: number): Promise<void> {
    const { signal } = this.#ending;
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
  }
}

/** Whether a call failed as one does whose server is gone: no answer, or the tunnel's own. */
function isBroken(error: unknown): boolean {
  return error instanceof ModelError && error.code === "transient" &&
    (error.status === undefined || [502, 503, 504].includes(error.status));
}
