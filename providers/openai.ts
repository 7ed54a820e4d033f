/**
 * The `openai` provider: OpenAI, and every server that speaks its chat completions API
 * (vLLM, llama.cpp, Ollama, LiteLLM, …).
 *
 * @module
 */
import { OpenAI } from "openai";
import { DotevalsError } from "../src/errors.ts";
import { type ModelRequest, toModelRequest } from "../src/providers/model.ts";
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { isHttpUrl, type OpenAIConfig, openAIConfig } from "./openai/config.ts";
import { toModelError } from "./openai/errors.ts";
import { toBody } from "./openai/request.ts";
import { toResponse } from "./openai/response.ts";

export type { OpenAIConfig };

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
const DEFAULT_KEY_VARIABLE = "OPENAI_API_KEY";
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Answers from a chat completions endpoint. */
const openai: ModelProvider<OpenAIConfig> = defineProvider<OpenAIConfig>({
  name: "openai",
  permissions: { net: ["api.openai.com"], env: [DEFAULT_KEY_VARIABLE, "OPENAI_BASE_URL"] },
  config: openAIConfig,
  setup(spec, { config, env }) {
    const baseUrl = config.baseUrl ?? env("OPENAI_BASE_URL") ?? DEFAULT_BASE_URL;
    if (spec === "") return Promise.reject(new Error("no model is named: write openai:MODEL"));
    if (!isHttpUrl(baseUrl)) {
      return Promise.reject(
        new Error("OPENAI_BASE_URL is no http or https URL without a password"),
      );
    }
    const url = new URL(baseUrl);
    const keyVariable = config.apiKeyVariable ?? DEFAULT_KEY_VARIABLE;
    const key = env(keyVariable);
    if (!key && (config.apiKeyVariable !== undefined || !LOOPBACK.test(url.hostname))) {
      return Promise.reject(noKey(keyVariable, url.host));
    }
    const client = new OpenAI({
      baseURL: baseUrl,
      apiKey: key || "none",
      organization: config.organization ?? null,
      project: config.project ?? null,
      timeout: config.timeoutMs ?? 600_000,
      maxRetries: 0,
      logLevel: "off",
      ...(key ? {} : { defaultHeaders: { Authorization: null } }),
    });
    const defaults = {
      model: spec,
      maxTokensField: url.hostname === "api.openai.com" ? "max_completion_tokens" : "max_tokens",
      config,
    } as const;

    return Promise.resolve(modelHandle(`${baseUrl} ${spec}`, {
      async generate(request, { signal } = {}) {
        signal?.throwIfAborted();
        const asked: ModelRequest = toModelRequest(request);
        try {
          const completion = await client.chat.completions.create(toBody(asked, defaults), {
            signal,
          });
          return toResponse(completion, asked.schema !== undefined);
        } catch (error) {
          throw toModelError(error, signal);
        }
      },
      async embed(texts, { signal } = {}) {
        signal?.throwIfAborted();
        try {
          const answer = await client.embeddings.create(
            { model: spec, input: [...texts], encoding_format: "float" },
            { signal },
          );
          const ordered = [...answer.data].sort((left, right) => left.index - right.index);
          return ordered.map((entry) => entry.embedding);
        } catch (error) {
          throw toModelError(error, signal);
        }
      },
    }));
  },
});
export default openai;

function noKey(variable: string, host: string): DotevalsError {
  return new DotevalsError(
    `the environment variable ${variable}, which must hold the key for ${host}, is not set`,
    {
      code: "no-key",
      hint: `Set ${variable}, or name another variable with the option apiKeyVariable.`,
      exitCode: 3,
    },
  );
}
