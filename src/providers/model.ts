/**
 * What a model is to an evaluation: something that answers requests.
 *
 * @module
 */

import type { RateLimits } from "./rate_limits.ts";

/** A piece of a message: text, or an image by URL or as bytes. */
export type ContentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly url: string }
  | { readonly type: "image"; readonly data: Uint8Array; readonly mediaType: string };

/** A call of a tool that a model asks for. */
export interface ToolCall {
  /** The model's id for this call, to answer it by. */
  readonly id: string;
  /** The tool's name. */
  readonly name: string;
  /** The arguments, parsed; a string where the model's JSON does not parse. */
  readonly arguments: unknown;
}

/** One message of a conversation. */
export type Message =
  | { readonly role: "system" | "user"; readonly content: string | readonly ContentPart[] }
  | {
    readonly role: "assistant";
    readonly content: string | readonly ContentPart[];
    readonly toolCalls?: readonly ToolCall[];
  }
  | { readonly role: "tool"; readonly toolCallId: string; readonly content: string };

/** A tool that the model may call. */
export interface ToolDefinition {
  /** The tool's name. */
  readonly name: string;
  /** What the tool does, for the model. */
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a model is asked: messages and how to answer them. */
export interface ModelRequest {
  /** The conversation so far; its last message is the one to answer. */
  readonly messages: readonly Message[];
  /** Instructions put before the messages. */
  readonly system?: string;
  /** Sampling temperature; the provider's own default without it. */
  readonly temperature?: number;
  /** At most so many tokens in the answer. */
  readonly maxTokens?: number;
  /** Texts that end the answer. */
  readonly stop?: readonly string[];
  /** Seed for sampling, where the provider has one. */
  readonly seed?: number;
  /** JSON Schema that the answer must match; the answer is then in `parsed` too. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Tools that the model may call. */
  readonly tools?: readonly ToolDefinition[];
}

/** Tokens that a call took, as counted by the provider. */
export interface Usage {
  /** Tokens of the request. */
  readonly inputTokens?: number;
  /** Tokens of the answer. */
  readonly outputTokens?: number;
  /** Tokens of the request that were read from a cache. */
  readonly cachedTokens?: number;
  /** Tokens of the answer that were spent on reasoning. */
  readonly reasoningTokens?: number;
}

/** Why a model stopped. */
export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";

/** What a model answered. */
export interface ModelResponse {
  /** The text of the answer; empty where there is none. */
  readonly text: string;
  /** The answer parsed, when the request had a `schema`. */
  readonly parsed?: unknown;
  /** The tools that the model wants called. */
  readonly toolCalls?: readonly ToolCall[];
  /** Why the model stopped. */
  readonly finishReason?: FinishReason;
  /** Tokens that the call took. */
  readonly usage?: Usage;
  /** Milliseconds from the request to the answer's first token. */
  readonly timeToFirstTokenMs?: number;
  /**
   * Milliseconds from the request to the end of its answer, measured where they go over the network;
   * without it the call is timed from outside, waiting of this process included.
   */
  readonly latencyMs?: number;
  /** What the endpoint allows yet, where it said so: the scheduler spreads calls out by it. */
  readonly limits?: RateLimits;
  /** The provider's own answer, whole. */
  readonly raw?: unknown;
}

/**
 * What calls are priced as, in the words of the price list (`@pydantic/genai-prices`): the model's
 * name there, at a provider's id (`openai`, `anthropic`, …) or behind an API's URL.
 */
export type PricedAs =
  | { readonly provider: string; readonly model: string }
  | { readonly apiUrl: string; readonly model: string };

/** What goes with one call. */
export interface CallOptions {
  /** Aborted when the answer is no longer wanted: a timeout, or the session is stopping. */
  readonly signal?: AbortSignal;
}

/**
 * Something that answers requests.
 *
 * `embed` and `generateBatch` are optional; a model has them when it can do them.
 */
export interface Model {
  /** Answers one request; a plain string is one user message. */
  generate(request: string | ModelRequest, options?: CallOptions): Promise<ModelResponse>;
  /** One vector per text, in order. */
  embed?(texts: readonly string[], options?: CallOptions): Promise<number[][]>;
  /** Answers several requests in one call, in order. */
  generateBatch?(
    requests: readonly (string | ModelRequest)[],
    options?: CallOptions,
  ): Promise<ModelResponse[]>;
}

/** The request that a string, or a request, stands for. */
export function toModelRequest(request: string | ModelRequest): ModelRequest {
  return typeof request === "string" ? { messages: [{ role: "user", content: request }] } : request;
}
