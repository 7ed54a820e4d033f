/**
 * A request as what a deployed function is called with.
 *
 * @module
 */
import type { ModelRequest } from "../../src/providers/model.ts";
import { messageText } from "../_message_text.ts";
import { toBody } from "../_chat_completions/request.ts";
import type { ModalConfig } from "./config.ts";

/** The arguments of a call, by position and by name. */
export interface FunctionInput {
  readonly args: unknown[];
  readonly kwargs: Record<string, unknown>;
}

/**
 * What the function gets: a chat completions request as one dict, the same as keyword arguments, or
 * the text of the last message alone.
 */
export function toFunctionInput(request: ModelRequest, config: ModalConfig): FunctionInput {
  const kwargs = { ...config.kwargs };
  if (config.input === "prompt") {
    const last = request.messages.at(-1);
    return { args: [last === undefined ? "" : messageText(last)], kwargs };
  }
  const { model: _none, ...body } = toBody(request, {
    model: "",
    maxTokensField: "max_tokens",
    temperature: config.temperature,
    maxTokens: config.maxTokens,
    seed: config.seed,
  });
  return config.input === "kwargs"
    ? { args: [], kwargs: { ...kwargs, ...body } }
    : { args: [body], kwargs };
}
