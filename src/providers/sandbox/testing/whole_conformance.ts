/**
 * What the suite for providers is told of the provider that can do all.
 *
 * @module
 */
import { serveSituation } from "../../conformance/serve_situation.ts";
import type { ProviderTestOptions } from "../../conformance/suite.ts";

const STATUSES = {
  "rate-limit": 429,
  transient: 503,
  authentication: 401,
  "invalid-request": 400,
  "context-length": 413,
} as const;

/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:1/";

/** The provider, with an endpoint that repeats what it is asked, in pieces. */
export const conformance: ProviderTestOptions = {
  start(situation) {
    const server = serveSituation(situation, {
      isCall: ({ method }) => method === "POST",
      answer: async (request) => new Response(inPieces(await request.text())),
      refuse: (refusal) =>
        new Response("no", { status: STATUSES[refusal], headers: { "retry-after": "2" } }),
    });
    const url = situation === "setup-fails" ? NOWHERE : server.url;
    return { ...server, spec: "m", options: { url } };
  },
};

function inPieces(text: string): ReadableStream<Uint8Array> {
  return ReadableStream.from(text.match(/[^]{1,4}/g) ?? []).pipeThrough(new TextEncoderStream());
}
