/**
 * One HTTP request to an endpoint: its time limit, its end, its errors.
 *
 * @module
 */
import { ModelError } from "../../src/providers/model_error.ts";
import { connectionError, refusal } from "./errors.ts";
import { type CallEnds, withinTime } from "../_within_time.ts";

/** A request, and what ends it: its connection is then closed. */
export interface Question extends CallEnds {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What an error's message must not show. */
  readonly secrets: readonly string[];
  /** The connections to use; the process's own without it. */
  readonly client: Deno.HttpClient | undefined;
}

/**
 * Posts a body and reads the answer by `read`.
 *
 * @throws {ModelError} or the signal's reason
 */
export function ask<Answer>(
  question: Question,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  const { url, headers, body, secrets, client } = question;
  return withinTime(question, async (signal) => {
    const request = { method: "POST", headers, body, signal };
    const response = await fetch(url, client ? { ...request, client } : request);
    if (!response.ok) throw await refusal(response, secrets);
    return await read(response);
  }, (error) => error instanceof ModelError ? error : connectionError(error));
}
