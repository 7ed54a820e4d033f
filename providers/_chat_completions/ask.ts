/**
 * One HTTP request to an endpoint: its time limit, its end, its errors.
 *
 * @module
 */
import { ModelError, TransientError } from "../../src/providers/model_error.ts";
import { connectionError, refusal } from "./errors.ts";

/** A request, and what ends it. */
export interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What an error's message must not show. */
  readonly secrets: readonly string[];
  /** Milliseconds until the end of the answer, after which it counts as lost. */
  readonly timeoutMs: number;
  /** The connections to use; the process's own without it. */
  readonly client: Deno.HttpClient | undefined;
  /** Ends the request: its connection is closed. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Posts a body and reads the answer by `read`.
 *
 * The connection is closed when the signal or the time limit ends the request, and when `read` fails.
 * The answer's headers (`x-ratelimit-…` and the like) are at hand here, in refusals and in answers.
 *
 * @throws {ModelError} or the signal's reason
 */
export async function ask<Answer>(
  question: Question,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  const { url, headers, body, secrets, timeoutMs, client, signal } = question;
  signal?.throwIfAborted();
  // One controller for both: `AbortSignal.any` and `timeout` take more than the rest of a call.
  const ending = new AbortController();
  const stop = () => ending.abort(signal?.reason);
  const timer = setTimeout(() => ending.abort(tooLate(timeoutMs)), timeoutMs);
  signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      signal: ending.signal,
      ...client && { client },
    });
    if (!response.ok) throw await refusal(response, secrets);
    return await read(response);
  } catch (error) {
    if (ending.signal.aborted) throw ending.signal.reason;
    const failure = error instanceof ModelError ? error : connectionError(error);
    ending.abort(failure);
    throw failure;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function tooLate(timeoutMs: number): TransientError {
  return new TransientError(`No whole answer came within ${timeoutMs / 1000} s.`);
}
