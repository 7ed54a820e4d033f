/**
 * The options of the `openai` provider.
 *
 * @module
 */
import * as v from "valibot";
import { optionsSchema } from "../_options_schema.ts";

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
  /**
   * Which of OpenAI's APIs answers: chat completions, which others have too, or responses.
   *
   * @default {"chat"}
   */
  readonly api?: "chat" | "responses" | undefined;
  /**
   * More headers, each with the environment variable that holds its value:
   * `{ "api-key": "AZURE_OPENAI_API_KEY" }`.
   */
  readonly headerVariables?: Readonly<Record<string, string>> | undefined;
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
  /**
   * Whether answers are streamed, which shows the time to the first token; "auto" does without at
   * an endpoint that refuses it.
   *
   * @default {"auto"}
   */
  readonly stream?: "auto" | boolean | undefined;
  /** Sampling temperature of requests that set none. */
  readonly temperature?: number | undefined;
  /** At most so many tokens in an answer, for requests that do not say. */
  readonly maxTokens?: number | undefined;
  /** Seed of requests that set none. */
  readonly seed?: number | undefined;
  /** More fields for the body of each request, as the endpoint's API names them. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

const variable = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"),
);

/** Checks the options. */
export const openAIConfig = optionsSchema({
  baseUrl: v.optional(v.pipe(
    v.string(),
    v.check(isHttpUrl, "must be an http or https URL without a user name or password in it"),
  )),
  apiKeyVariable: v.optional(variable),
  api: v.optional(v.picklist(["chat", "responses"], 'must be "chat" or "responses"')),
  headerVariables: v.optional(v.record(
    v.pipe(v.string(), v.regex(/^[\w-]+$/, "must be the name of a header")),
    variable,
  )),
  organization: v.optional(v.string()),
  project: v.optional(v.string()),
  timeoutMs: v.optional(v.pipe(v.number(), v.minValue(1))),
  stream: v.optional(v.union([v.literal("auto"), v.boolean()], 'must be true, false or "auto"')),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
  maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  body: v.optional(v.record(v.string(), v.unknown())),
});

/** Whether a text is an http or https URL that holds no user name and no password. */
export function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" &&
    url.password === "";
}
