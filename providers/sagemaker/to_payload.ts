/**
 * Finds how to speak with the container that the options name.
 *
 * @module
 */
import { chatPayload } from "./chat_payload.ts";
import type { SageMakerConfig } from "./config.ts";
import type { Payload } from "./payload.ts";
import { templatePayload } from "./template_payload.ts";
import { tgiPayload } from "./tgi_payload.ts";

/** The payload that the options name. */
export function toPayload(config: SageMakerConfig): Payload {
  const { payload = "vllm" } = config;
  if (payload === "vllm") return chatPayload(config);
  if (payload === "tgi") return tgiPayload(config);
  return templatePayload(payload, config);
}
