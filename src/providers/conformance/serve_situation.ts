/**
 * A server at the other end, for providers that speak HTTP.
 *
 * @module
 */
import { type CallGate, callGate } from "./call_gate.ts";
import type { RefusalSituation, Situation } from "./situation.ts";
import { watchConnections } from "./watched_connections.ts";

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
export interface ServedSituation extends AsyncDisposable, Omit<CallGate, "pass"> {
  /** Where it listens: `http://127.0.0.1:PORT`. */
  readonly url: string;
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
  const { pass, ...gate } = callGate(situation);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request, { remoteAddr }) => {
      // What is no call is what setup asks.
      if (!isCall(request) && situation !== "setup-hangs") return await answer(request);
      if (!await pass(connections.closed(remoteAddr.port))) return new Response();
      return isRefusal(situation) ? refuse(situation) : await answer(request);
    },
  );
  const connections = watchConnections(server.addr.port);
  return {
    ...gate,
    url: `http://127.0.0.1:${connections.port}`,
    async [Symbol.asyncDispose]() {
      gate.release();
      await server.shutdown();
      await connections[Symbol.asyncDispose]();
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
