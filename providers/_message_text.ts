/**
 * The text in a message.
 *
 * @module
 */
import type { Message } from "../src/providers/model.ts";

/** The text of a message, its images left out. */
export function messageText(message: Message): string {
  if (typeof message.content === "string") return message.content;
  return message.content.map((part) => part.type === "text" ? part.text : "").join("");
}
