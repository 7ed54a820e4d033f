/**
 * A request as one prompt.
 *
 * @module
 */
import type { ModelRequest } from "../../src/providers/model.ts";
import { InvalidRequestError } from "../../src/providers/model_error.ts";
import { messageText } from "../_message_text.ts";

/**
 * The prompt of a request that has nothing but instructions and one user message.
 *
 * A conversation would need the model's own chat template, which is at the endpoint: it is refused
 * and not guessed.
 *
 * @throws {InvalidRequestError} if the request has more, or images or tools
 */
export function promptOf(request: ModelRequest, payload: string): string {
  const { messages, system, tools } = request;
  const asked = messages.filter(({ role }) => role !== "system");
  const images = messages.some(({ content }) =>
    typeof content !== "string" && content.some(({ type }) => type === "image")
  );
  const problem = asked.length !== 1 || asked[0]?.role !== "user"
    ? "a conversation"
    : images
    ? "images"
    : tools && tools.length > 0
    ? "tools"
    : undefined;
  if (problem !== undefined) {
    throw new InvalidRequestError(
      `The payload ${payload} takes one prompt, and this request has ${problem}; the payload vllm ` +
        "takes whole conversations.",
    );
  }
  const instructions = messages.filter(({ role }) => role === "system").map(messageText);
  return [...system === undefined ? [] : [system], ...instructions, ...asked.map(messageText)]
    .join("\n\n");
}
