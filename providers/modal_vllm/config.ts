/**
 * The options of the `modal-vllm` provider.
 *
 * @module
 */
import * as v from "valibot";
import { optionsSchema } from "../_options_schema.ts";
import { accountEntries, type ModalAccountConfig, variableName } from "../modal/account.ts";
import { flagsOf, isReservedFlag, type VllmConfig } from "../vllm/config.ts";

/** The options of `modal-vllm:MODEL`. */
export interface ModalVllmConfig extends ModalAccountConfig {
  /**
   * The GPU of each sandbox, as Modal names it; `H100:2` are two of them.
   *
   * @default {"L4"}
   */
  readonly gpu?: string | undefined;
  /**
   * How many sandboxes are started at first.
   *
   * @default {1}
   */
  readonly sandboxes?: number | undefined;
  /**
   * How many there may be when all of them have requests waiting; `sandboxes` by default.
   */
  readonly maxSandboxes?: number | undefined;
  /**
   * Milliseconds without a request after which a sandbox is ended. Modal is told it too, for when this
   * process is gone.
   *
   * @default {300000}
   */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Milliseconds that a sandbox may live; Modal ends it then.
   *
   * @default {14400000}
   */
  readonly lifetimeMs?: number | undefined;
  /**
   * Milliseconds that a sandbox may take until its model is loaded.
   *
   * @default {1800000}
   */
  readonly startTimeoutMs?: number | undefined;
  /**
   * The container image; it must hold `vllm`.
   *
   * @default {"vllm/vllm-openai:latest"}
   */
  readonly image?: string | undefined;
  /** More flags of `vllm serve`, as a list, or as a text with blanks between them. */
  readonly args?: VllmConfig["args"];
  /**
   * The app that the sandboxes belong to; made where it does not exist.
   *
   * @default {"dotevals-vllm"}
   */
  readonly app?: string | undefined;
  /** A volume of Modal's that keeps downloaded weights; made where it does not exist. */
  readonly cacheVolume?: string | undefined;
  /**
   * The environment variable that holds the token for gated models on Hugging Face.
   *
   * @default {"HF_TOKEN"}
   */
  readonly hfTokenVariable?: string | undefined;
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

const milliseconds = v.pipe(v.number(), v.minValue(1));
/** Modal counts in seconds. */
const seconds = v.pipe(
  milliseconds,
  v.multipleOf(1000, "must be whole seconds, in milliseconds"),
);
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Checks the options. */
export const modalVllmConfig = optionsSchema({
  ...accountEntries,
  gpu: v.optional(
    v.pipe(v.string(), v.regex(/^[\w-]+(:[1-8])?$/, "must be a GPU of Modal's, such as H100:2")),
  ),
  sandboxes: v.optional(count),
  maxSandboxes: v.optional(count),
  idleTimeoutMs: v.optional(seconds),
  lifetimeMs: v.optional(v.pipe(seconds, v.maxValue(86_400_000, "may be a day at most"))),
  startTimeoutMs: v.optional(milliseconds),
  image: v.optional(v.pipe(v.string(), v.nonEmpty())),
  args: v.optional(v.pipe(
    v.union([v.string(), v.array(v.union([v.string(), v.number()]))]),
    v.check(
      (args) => !flagsOf(args).some(isReservedFlag),
      "may not hold --host, --port, --uds, --api-key, --ssl-…, --root-path or --headless: the " +
        "provider chooses where the server listens, and its key",
    ),
  )),
  app: v.optional(v.pipe(v.string(), v.nonEmpty())),
  cacheVolume: v.optional(v.pipe(v.string(), v.nonEmpty())),
  hfTokenVariable: v.optional(variableName),
  timeoutMs: v.optional(milliseconds),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
  maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  body: v.optional(v.record(v.string(), v.unknown())),
});
