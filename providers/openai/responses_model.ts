/**
 * A model behind OpenAI's responses API, through the official client.
 *
 * @module
 */
import type { OpenAI } from "openai";
import { type Model, toModelRequest } from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";
import { type RateLimits, rateLimits } from "../../src/providers/rate_limits.ts";
import { modelError } from "../_chat_completions/errors.ts";
import type { RequestDefaults } from "../_chat_completions/request.ts";
import { streaming, type StreamOption } from "../_chat_completions/streaming.ts";
import type { CallClient, ClientCall } from "./client.ts";
import { toResponsesBody } from "./responses_request.ts";
import { toModelResponse } from "./responses_response.ts";

type Body = OpenAI.Responses.ResponseCreateParams;
type Events = AsyncIterable<OpenAI.Responses.ResponseStreamEvent>;

interface Answer {
  readonly response: OpenAI.Responses.Response;
  readonly firstTokenAt: number | undefined;
}

interface Limited extends Answer {
  readonly limits: RateLimits | undefined;
}

/** Options of {@linkcode responsesModel}. */
export interface ResponsesModelOptions extends RequestDefaults {
  readonly client: CallClient;
  readonly stream: StreamOption | undefined;
}

/** A model that answers from a responses endpoint. */
export function responsesModel(options: ResponsesModelOptions): Pick<Model, "generate"> {
  const stream = streaming(options.stream ?? "auto");
  return {
    async generate(request, { signal } = {}) {
      const asked = toModelRequest(request);
      const body = toResponsesBody(asked, options);
      return await stream((fields) =>
        options.client(async (call) => {
          const startedAt = performance.now();
          const { response, firstTokenAt, limits } = fields.stream === true
            ? await streamed(body, call)
            : await whole(body, call);
          const endedAt = performance.now();
          return {
            ...toModelResponse(response, asked.schema !== undefined),
            ...firstTokenAt !== undefined && { timeToFirstTokenMs: firstTokenAt - startedAt },
            latencyMs: endedAt - startedAt,
            ...limits && { limits },
          };
        }, signal)
      );
    },
  };
}

async function whole(body: Body, { client, options }: ClientCall): Promise<Limited> {
  const { data, response } = await client.responses.create({ ...body, stream: false }, options)
    .withResponse();
  return { response: data, firstTokenAt: undefined, limits: rateLimits(response.headers) };
}

async function streamed(body: Body, { client, options }: ClientCall): Promise<Limited> {
  const { data, response } = await client.responses.create({ ...body, stream: true }, options)
    .withResponse();
  const limits = rateLimits(response.headers);
  // The client takes an answer in one piece for a stream without events.
  const answer = response.headers.get("content-type")?.startsWith("text/event-stream")
    ? await lastOf(data)
    : { response: await response.json(), firstTokenAt: undefined };
  return { ...answer, limits };
}

async function lastOf(events: Events): Promise<Answer> {
  let firstTokenAt: number | undefined;
  let response: Answer["response"] | undefined;
  // To the end, so that the connection can be used again.
  for await (const event of events) {
    switch (event.type) {
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        response = event.response;
        break;
      case "error":
        throw modelError({ message: event.message, code: event.code }, {});
      default:
        if (event.type.endsWith(".delta")) firstTokenAt ??= performance.now();
    }
  }
  if (response) return { response, firstTokenAt };
  throw new TransientError("The answer was cut off: its stream ended before its last event.");
}
