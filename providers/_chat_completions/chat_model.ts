/**
 * A model behind a chat completions endpoint: OpenAI, vLLM, llama.cpp, Ollama, LiteLLM, ….
 *
 * This sends its requests itself. The official client takes more than twice the CPU of a bare `fetch`
 * for each call, and nearly five times where the answer is streamed (`bench/providers.ts`): with a
 * thousand calls in flight that holds up everything else in this process. It also takes time to load,
 * which a short run feels.
 *
 * @module
 */
import {
  type CallOptions,
  type Model,
  type ModelRequest,
  type ModelResponse,
  toModelRequest,
} from "../../src/providers/model.ts";
import { ask } from "./ask.ts";
import { endpointUrl } from "./endpoint_url.ts";
import type { OngoingCalls } from "../_ongoing_calls.ts";
import { type Answer, readAnswer } from "./read_answer.ts";
import { type RequestDefaults, toBody } from "./request.ts";
import { toResponse } from "./response.ts";
import { streaming, type StreamOption } from "./streaming.ts";

/** Options of {@linkcode chatModel}. */
export interface ChatModelOptions extends RequestDefaults {
  /** Where the API begins, such as `http://127.0.0.1:8000/v1`; a query in it is kept. */
  readonly baseUrl: string;
  /** Headers of each request, the key's among them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What an error's message must not show, should the endpoint repeat it. */
  readonly secrets?: readonly string[];
  /** The connections to use, so that they can be closed with the model; the process's own without it. */
  readonly client?: Deno.HttpClient | undefined;
  /** Gets the calls that are under way, so that they can be ended with the model. */
  readonly ongoing?: OngoingCalls | undefined;
  /**
   * Milliseconds until the end of an answer, after which a call counts as lost.
   *
   * @default {600_000}
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether answers are streamed, for the time to the first token; "auto" does without at an
   * endpoint that refuses it.
   *
   * @default {"auto"}
   */
  readonly stream?: StreamOption | undefined;
}

/** A model that answers from a chat completions endpoint. */
export function chatModel(options: ChatModelOptions): Pick<Model, "generate"> {
  const { secrets = [], timeoutMs = 600_000, client, ongoing } = options;
  const url = endpointUrl(options.baseUrl, "chat/completions");
  const headers = { "content-type": "application/json", ...options.headers };
  const stream = streaming(options.stream ?? "auto");

  async function send(fields: object, signal: AbortSignal | undefined): Promise<Timed> {
    const body = JSON.stringify(fields);
    const startedAt = performance.now();
    const answer = await ask(
      { url, headers, body, secrets, timeoutMs, client, signal, ongoing },
      (response) => readAnswer(response, secrets),
    );
    return { ...answer, startedAt };
  }

  return {
    async generate(request: string | ModelRequest, { signal }: CallOptions = {}) {
      const asked = toModelRequest(request);
      const body = toBody(asked, options);
      const answer = await stream((fields) => send({ ...fields, ...body }, signal));
      return timed(toResponse(answer.completion, asked.schema !== undefined), answer);
    },
  };
}

interface Timed extends Answer {
  readonly startedAt: number;
}

function timed(response: ModelResponse, { startedAt, firstTokenAt, endedAt, limits }: Timed) {
  return {
    ...response,
    ...firstTokenAt === undefined ? {} : { timeToFirstTokenMs: firstTokenAt - startedAt },
    latencyMs: endedAt - startedAt,
    ...limits && { limits },
  };
}
