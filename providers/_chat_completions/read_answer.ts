/**
 * The answer of a chat completions endpoint, streamed or in one piece, and when it came.
 *
 * @module
 */
import { TransientError } from "../../src/providers/model_error.ts";
import { type RateLimits, rateLimits } from "../../src/providers/rate_limits.ts";
import type { Completion } from "./completion.ts";
import { shownText } from "./error_body.ts";
import { errorEvent, withoutSecrets } from "./errors.ts";
import { readEventStream } from "./event_stream.ts";
import { mergeChunks } from "./merge_chunks.ts";

/** An answer, and when it came, on the clock of `performance.now()`. */
export interface Answer {
  readonly completion: Completion;
  /** When the first token came; only a streamed answer shows it. */
  readonly firstTokenAt: number | undefined;
  readonly endedAt: number;
  /** What the endpoint allows yet, where its headers say so. */
  readonly limits: RateLimits | undefined;
}

type Read = Omit<Answer, "limits">;

/**
 * Reads an answer in the form in which it came; a server may not stream although it was asked to.
 *
 * @throws {ModelError} if the answer is cut off, ends in an error, or is no JSON
 */
export async function readAnswer(
  response: Response,
  secrets: readonly string[],
): Promise<Answer> {
  const streamed = response.headers.get("content-type")?.startsWith("text/event-stream");
  const limits = rateLimits(response.headers);
  const read = streamed && response.body
    ? await readStream(response.body, secrets)
    : readWhole(await response.text(), secrets);
  return { ...read, limits };
}

function readWhole(text: string, secrets: readonly string[]): Read {
  const endedAt = performance.now();
  let completion: unknown;
  try {
    completion = JSON.parse(text);
  } catch {
    completion = undefined;
  }
  if (!isObject(completion)) {
    const shown = shownText(withoutSecrets(text, secrets));
    throw new TransientError(`The endpoint answered with what is no JSON object: ${shown}`);
  }
  if (isError(completion.error) && !completion.choices) throw errorEvent(text, secrets);
  return { completion, firstTokenAt: undefined, endedAt };
}

async function readStream(
  body: ReadableStream<Uint8Array>,
  secrets: readonly string[],
): Promise<Read> {
  const chunks = mergeChunks();
  let firstTokenAt: number | undefined;
  let done = false;
  await readEventStream(body, (data, name) => {
    done ||= data === "[DONE]";
    if (done) return;
    const chunk = chunkOf(data);
    if (chunk === undefined || name === "error" || isError(chunk.error)) {
      throw errorEvent(data, secrets);
    }
    chunks.add(chunk);
    if (chunks.begun) firstTokenAt ??= performance.now();
  });
  if (!done && !chunks.finished) {
    throw new TransientError("The answer was cut off: its stream ended before its last event.");
  }
  return { completion: chunks.completion(), firstTokenAt, endedAt: performance.now() };
}

function chunkOf(data: string): Record<string, unknown> | undefined {
  try {
    const chunk: unknown = JSON.parse(data);
    return isObject(chunk) ? chunk : undefined;
  } catch {
    return undefined;
  }
}

function isError(error: unknown): boolean {
  return error !== undefined && error !== null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
