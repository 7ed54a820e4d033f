/**
 * The options of the `modal` provider.
 *
 * @module
 */
import * as v from "valibot";
import { optionsSchema } from "../_options_schema.ts";
import { accountEntries, type ModalAccountConfig } from "./account.ts";

/** The options of `modal:APP/FUNCTION` and `modal:APP/CLASS.METHOD`. */
export interface ModalConfig extends ModalAccountConfig {
  /**
   * What the function is called with: `chat`, one dict in the form of a chat completions request;
   * `kwargs`, its fields as keyword arguments; `prompt`, the text of the last message.
   *
   * @default {"chat"}
   */
  readonly input?: "chat" | "kwargs" | "prompt" | undefined;
  /** Keyword arguments of every call. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** The parameters that the class is made with (`modal.parameter()`). */
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Sampling temperature of requests that set none. */
  readonly temperature?: number | undefined;
  /** At most so many tokens in an answer, for requests that do not say. */
  readonly maxTokens?: number | undefined;
  /** Seed of requests that set none. */
  readonly seed?: number | undefined;
}

/** Checks the options. */
export const modalConfig = optionsSchema({
  ...accountEntries,
  input: v.optional(v.picklist(["chat", "kwargs", "prompt"])),
  kwargs: v.optional(v.record(v.string(), v.unknown())),
  parameters: v.optional(
    v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  ),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
  maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: v.optional(v.pipe(v.number(), v.integer())),
});
