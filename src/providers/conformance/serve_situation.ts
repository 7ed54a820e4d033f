/**
 * A server at the other end, for providers that speak HTTP.
 *
 * @module
 */
import type { RefusalSituation, Situation } from "./situation.ts";

/** How a server answers. */
export interface ServeSituationOptions {
  /** Answers a call. */
  readonly answer: (request: Request) => Response | Promise<Response>;
  /** Refuses a call, in the vendor's own form. */
  readonly refuse: (refusal: RefusalSituation) => Response;
  /**
   * Whether a request is a call of the model, and not a question that setup asks.
   *
   * @default all are
   */
  readonly isCall?: (request: Request) => boolean;
}

/** The server, with what {@linkcode TestEndpoint} wants to know of it. */
export interface ServedSituation extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** How many calls arrived. */
  calls(): number;
  /** How many calls wait: one whose connection is closed does not. */
  waiting(): number;
  /** Lets the calls that wait be answered. */
  release(): void;
}

/**
 * Serves a situation on a free port of this machine: calls are answered, or held back, or refused.
 *
 * @example
 * ```ts
 * import { serveSituation } from "@dotevals/core/testing";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = serveSituation("rate-limit", {
 *   answer: async (request) => Response.json(await request.json()),
 *   refuse: () => new Response("slow down", { status: 429, headers: { "retry-after": "2" } }),
 * });
 * const response = await fetch(server.url, { method: "POST", body: '"hello"' });
 * assertEquals([response.status, await response.text()], [429, "slow down"]);
 * ```
 */
export function serveSituation(
  situation: Situation,
  { answer, refuse, isCall = () => true }: ServeSituationOptions,
): ServedSituation {
  const released = Promise.withResolvers<void>();
  let calls = 0;
  let waiting = 0;

  /** Waits for the release, or for the connection's end; says whether it is still there. */
  async function held(signal: AbortSignal): Promise<boolean> {
    const gone = Promise.withResolvers<void>();
    const leave = () => gone.resolve();
    signal.addEventListener("abort", leave);
    waiting++;
    await Promise.race([released.promise, gone.promise]);
    waiting--;
    signal.removeEventListener("abort", leave);
    return !signal.aborted;
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { method, headers, url, signal } = request;
    if (!isCall(request)) return await answer(request);
    calls++;
    // A server sees a connection close once it has read what was sent over it.
    const body = await request.bytes();
    if (situation === "holds" && !await held(signal)) return new Response();
    if (isRefusal(situation)) return refuse(situation);
    return await answer(new Request(url, { method, headers, body: body.length > 0 ? body : null }));
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    calls: () => calls,
    waiting: () => waiting,
    release: () => released.resolve(),
    [Symbol.asyncDispose]: async () => {
      released.resolve();
      await server.shutdown();
    },
  };
}

const REFUSALS: readonly Situation[] = [
  "rate-limit",
  "transient",
  "authentication",
  "invalid-request",
  "context-length",
] satisfies readonly RefusalSituation[];

function isRefusal(situation: Situation): situation is RefusalSituation {
  return REFUSALS.includes(situation);
}
