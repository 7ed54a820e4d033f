/**
 * The options of the `ai` provider.
 *
 * @module
 */
import * as v from "valibot";
import { optionsSchema } from "../_options_schema.ts";

/** The options of `ai:PROVIDER/MODEL`. */
export interface AIConfig {
  /** The provider's npm package, where PROVIDER is none of the known: `npm:@ai-sdk/groq@^4`. */
  readonly package?: string | undefined;
  /** The function of the package that makes its provider, where it has several `create…`. */
  readonly factory?: string | undefined;
  /** The endpoint, where it is not the provider's own. */
  readonly baseUrl?: string | undefined;
  /** The environment variable that holds the key, where it is not the provider's usual one. */
  readonly apiKeyVariable?: string | undefined;
  /** More settings of the provider, as its package names them. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Options of each call that only this provider has, by the provider's name in the AI SDK. */
  readonly providerOptions?:
    | Readonly<Record<string, Readonly<Record<string, unknown>>>>
    | undefined;
  /**
   * Whether answers are streamed, which gives the time to the first token.
   *
   * @default {true}
   */
  readonly stream?: boolean | undefined;
  /** Sampling temperature of requests that set none. */
  readonly temperature?: number | undefined;
  /** At most so many tokens in an answer, for requests that do not say. */
  readonly maxTokens?: number | undefined;
  /** Seed of requests that set none. */
  readonly seed?: number | undefined;
  /**
   * Milliseconds after which a call counts as lost.
   *
   * @default {600000}
   */
  readonly timeoutMs?: number | undefined;
}

/** Checks the options. */
export const aiConfig = optionsSchema({
  package: v.optional(v.pipe(
    v.string(),
    v.regex(/^npm:(@[\w.-]+\/)?[\w.-]+(@[^/\s]+)?$/, "must be an npm package: npm:NAME@VERSION"),
  )),
  factory: v.optional(v.string()),
  baseUrl: v.optional(v.pipe(
    v.string(),
    v.check((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), "must be an http(s) URL"),
  )),
  apiKeyVariable: v.optional(v.pipe(
    v.string(),
    v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"),
  )),
  settings: v.optional(v.record(v.string(), v.unknown())),
  providerOptions: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
  stream: v.optional(v.boolean()),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
  maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  timeoutMs: v.optional(v.pipe(v.number(), v.minValue(1))),
});
