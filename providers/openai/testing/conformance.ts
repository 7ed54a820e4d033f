/**
 * What the suite for providers is told of `openai`.
 *
 * @module
 */
import type { ProviderTestOptions } from "../../../src/providers/conformance/suite.ts";
import { serveChat } from "./serve_chat.ts";

/** `openai` with chat completions. */
export const chat: ProviderTestOptions = {
  start: (situation) => {
    const env = { OPENAI_API_KEY: "sk-conformance-1234" };
    if (situation === "setup-fails") {
      const options = { apiKeyVariable: "NOT_SET" };
      return { spec: "m", options, [Symbol.asyncDispose]: () => Promise.resolve() };
    }
    const server = serveChat(situation, "m");
    return { ...server, spec: "m", options: { baseUrl: `${server.url}/v1` }, env };
  },
  leftOut: {
    "generate-batch": "it has no generateBatch",
    "setup-hangs": "its setup waits for nothing",
  },
};

/** `openai` with the responses API. */
export const responses: ProviderTestOptions = {
  ...chat,
  title: "openai (responses API)",
  leftOut: { ...chat.leftOut, streaming: "it is told not to stream" },
  async start(situation) {
    const endpoint = await chat.start(situation);
    return { ...endpoint, options: { ...endpoint.options, api: "responses", stream: false } };
  },
};
