/**
 * The options of the `vllm` provider.
 *
 * @module
 */
import * as v from "valibot";
import { isHttpUrl } from "../openai/config.ts";
import { optionsSchema } from "../_options_schema.ts";

/** The options of `vllm:MODEL`. */
export interface VllmConfig {
  /** A server that runs already: it is used, nothing is started, and it is left running. */
  readonly baseUrl?: string | undefined;
  /**
   * Uses a server that runs at `baseUrl`, or else at `http://127.0.0.1:8000/v1`, where it serves
   * this model, and starts one where it does not.
   *
   * @default {false}
   */
  readonly adopt?: boolean | undefined;
  /** More flags of `vllm serve`, as a list, or as a text with blanks between them. */
  readonly args?: string | readonly (string | number)[] | undefined;
  /**
   * The executable.
   *
   * @default {"vllm"}
   */
  readonly command?: string | undefined;
  /**
   * Milliseconds that a server may take to load, its model's download included.
   *
   * @default {1800000}
   */
  readonly startTimeoutMs?: number | undefined;
  /**
   * The environment variable that holds the server's key; a server that is started asks for it.
   *
   * @default {"VLLM_API_KEY"}
   */
  readonly apiKeyVariable?: string | undefined;
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
  /** More fields for the body of each request, as vLLM's API names them. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** Flags that the provider sets itself, or that would make the server unreachable for it. */
const RESERVED = /^--(host|port|uds|api[-_]key|ssl[-_].*|root[-_]path|headless)(=|$)/;

/** Checks the options. */
export const vllmConfig = optionsSchema({
  baseUrl: v.optional(v.pipe(
    v.string(),
    v.check(isHttpUrl, "must be an http or https URL without a user name or password in it"),
  )),
  adopt: v.optional(v.boolean()),
  args: v.optional(v.pipe(
    v.union([v.string(), v.array(v.union([v.string(), v.number()]))]),
    v.check(
      (args) => !flagsOf(args).some(isReservedFlag),
      "may not hold --host, --port, --uds, --api-key, --ssl-…, --root-path or --headless: the " +
        "provider chooses where the server listens; for one that you start use baseUrl, for a " +
        "key apiKeyVariable",
    ),
  )),
  command: v.optional(v.pipe(v.string(), v.nonEmpty())),
  startTimeoutMs: v.optional(v.pipe(v.number(), v.minValue(1))),
  apiKeyVariable: v.optional(v.pipe(
    v.string(),
    v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"),
  )),
  timeoutMs: v.optional(v.pipe(v.number(), v.minValue(1))),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
  maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  body: v.optional(v.record(v.string(), v.unknown())),
});

/** Whether a flag of `vllm serve` is for the provider to set. */
export function isReservedFlag(flag: string): boolean {
  return RESERVED.test(flag);
}

/** The flags, one by one. */
export function flagsOf(args: VllmConfig["args"]): readonly string[] {
  if (typeof args === "string") return args.split(/\s+/).filter((flag) => flag !== "");
  return (args ?? []).map(String);
}
