/**
 * The `openai` provider: OpenAI, and every server that speaks its chat completions API
 * (vLLM, llama.cpp, Ollama, LiteLLM, …).
 *
 * @module
 */
import { OpenAI } from "openai";
import * as v from "valibot";
import { DotevalsError } from "../src/errors.ts";
import { type ModelRequest, toModelRequest } from "../src/providers/model.ts";
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { optionsSchema } from "./_options_schema.ts";
import { toModelError } from "./openai/errors.ts";
import { toBody } from "./openai/request.ts";
import { toResponse } from "./openai/response.ts";

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
const DEFAULT_KEY_VARIABLE = "OPENAI_API_KEY";
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The options of `openai:MODEL`. */
export interface OpenAIConfig {
  /**
   * The endpoint; `OPENAI_BASE_URL` is read where it is not given.
   *
   * @default {"https://api.openai.com/v1"}
   */
  readonly baseUrl?: string | undefined;
  /**
   * The environment variable that holds the key; an endpoint on this machine needs none.
   *
   * @default {"OPENAI_API_KEY"}
   */
  readonly apiKeyVariable?: string | undefined;
  /** The organization that is charged. */
  readonly organization?: string | undefined;
  /** The project that is charged. */
  readonly project?: string | undefined;
  /**
   * Milliseconds after which a call counts as lost.
   *
   * @default {600000}
   */
  readonly timeoutMs?: number | undefined;
  /** Sampling temperature of requests that set none. */
  readonly temperature?: number | undefined;
  /** At most so many tokens in an answer, for requests that do not say. */
  readonly maxTokens?: number | undefined;
  /** Seed of requests that set none. */
  readonly seed?: number | undefined;
  /** More fields for the body of each request, as the endpoint's API names them. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** Answers from a chat completions endpoint. */
const openai: ModelProvider<OpenAIConfig> = defineProvider<OpenAIConfig>({
  name: "openai",
  permissions: { net: ["api.openai.com"], env: [DEFAULT_KEY_VARIABLE, "OPENAI_BASE_URL"] },
  config: optionsSchema({
    baseUrl: v.optional(v.pipe(
      v.string(),
      v.check(isHttpUrl, "must be an http or https URL without a user name or password in it"),
    )),
    apiKeyVariable: v.optional(v.pipe(
      v.string(),
      v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"),
    )),
    organization: v.optional(v.string()),
    project: v.optional(v.string()),
    timeoutMs: v.optional(v.pipe(v.number(), v.minValue(1))),
    temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
    maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    seed: v.optional(v.pipe(v.number(), v.integer())),
    body: v.optional(v.record(v.string(), v.unknown())),
  }),
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

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" &&
    url.password === "";
}

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
