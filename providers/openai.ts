/**
 * The `openai` provider: OpenAI, and every server that speaks its chat completions API
 * (vLLM, llama.cpp, Ollama, LiteLLM, …).
 *
 * @module
 */
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { chatModel } from "./_chat_completions/chat_model.ts";
import { OngoingCalls } from "./_ongoing_calls.ts";
import { clientFor } from "./openai/client.ts";
import { type OpenAIConfig, openAIConfig } from "./openai/config.ts";
import { embedder } from "./openai/embed.ts";
import { DEFAULT_KEY_VARIABLE, endpointOf } from "./openai/endpoint.ts";
import { responsesModel } from "./openai/responses_model.ts";

export type { OpenAIConfig };

/** Answers from a chat completions endpoint. */
const openai: ModelProvider<OpenAIConfig> = defineProvider<OpenAIConfig>({
  name: "openai",
  permissions: { net: ["api.openai.com"], env: [DEFAULT_KEY_VARIABLE, "OPENAI_BASE_URL"] },
  config: openAIConfig,
  // deno-lint-ignore require-await -- what is wrong rejects
  async setup(spec, context) {
    if (spec === "") throw new Error("no model is named: write openai:MODEL");
    const { config } = context;
    const endpoint = endpointOf(context);
    // Over HTTP/2 all calls would share one connection, and wait for each other beyond the number of
    // streams that the endpoint allows: 500 calls of 0.2 s took 1.1 s with 100 streams, else 0.3 s.
    const connections = Deno.createHttpClient({ http2: false });
    const ongoing = new OngoingCalls();
    const { timeoutMs = 600_000 } = config;
    const client = clientFor(endpoint, { timeoutMs, connections, ongoing });
    const defaults = {
      ...config,
      model: spec,
      maxTokensField: endpoint.host === "api.openai.com" ? "max_completion_tokens" : "max_tokens",
    } as const;
    const answering = config.api === "responses"
      ? responsesModel({ ...defaults, stream: config.stream, client })
      : chatModel({ ...defaults, ...endpoint, client: connections, ongoing });
    const resource = `${endpoint.baseUrl} ${spec}`;
    return modelHandle(resource, {
      ...answering,
      embed: embedder(spec, client),
    }, {
      teardown() {
        ongoing.end();
        connections.close();
      },
      // Each key has limits of its own.
      limitedAs: `${resource} ${config.apiKeyVariable ?? DEFAULT_KEY_VARIABLE}`,
      pricedAs: { apiUrl: endpoint.baseUrl, model: spec },
    });
  },
});
export default openai;
