/**
 * What the suite for providers is told of `ai`.
 *
 * @module
 */
import type { ProviderTestOptions } from "../../../src/providers/conformance/suite.ts";
import { serveChat } from "../../openai/testing/serve_chat.ts";

/** `ai` with the package for servers that speak OpenAI's API. */
export const conformance: ProviderTestOptions = {
  start(situation) {
    const server = serveChat(situation, "m");
    const apiKeyVariable = situation === "setup-fails" ? "NOT_SET" : "MY_KEY";
    return {
      ...server,
      spec: "openai-compatible/m",
      options: { baseUrl: `${server.url}/v1`, apiKeyVariable },
      env: { MY_KEY: "k-conformance-1234" },
    };
  },
  leftOut: {
    "generate-batch": "it has no generateBatch",
    "setup-hangs": "its setup waits for the download of a package only",
  },
};
