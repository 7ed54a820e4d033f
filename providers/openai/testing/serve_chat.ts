/**
 * A chat completions endpoint in each situation that the suite for providers asks for.
 *
 * @module
 */
import {
  type ServedSituation,
  serveSituation,
} from "../../../src/providers/conformance/serve_situation.ts";
import type { RefusalSituation, Situation } from "../../../src/providers/conformance/situation.ts";
import { chunks, completion, failure, outputText, responseObject, streamed } from "./answers.ts";
import { wrongIn } from "./request_schemas.ts";

type Body = Readonly<Record<string, unknown>>;

/** Serves OpenAI's API, which answers by repeating what it was asked, and lists one model. */
export function serveChat(situation: Situation, model: string): ServedSituation {
  return serveSituation(situation, {
    isCall: ({ method }) => method === "POST",
    refuse: refusal,
    async answer(request) {
      if (request.method === "GET") return Response.json({ object: "list", data: [{ id: model }] });
      const { pathname } = new URL(request.url);
      const body: Body = await request.json();
      const wrong = wrongIn(pathname, body);
      if (wrong !== undefined) return failure(400, { message: `Invalid request: ${wrong}` });
      return answerTo(pathname, body);
    },
  });
}

function answerTo(path: string, body: Body): Response {
  if (path === "/v1/embeddings") return embeddings(body.input as readonly string[]);
  if (path === "/v1/responses") {
    return Response.json(responseObject([outputText(lastText(body.input))]));
  }
  const content = lastText(body.messages);
  return body.stream ? streamed(chunks([{ content }])) : completion({ content });
}

/** The same text has the same vector, another text another one. */
function embeddings(texts: readonly string[]): Response {
  const data = texts.map((text, index) => ({
    index,
    object: "embedding",
    embedding: Array.from(text, (letter) => letter.charCodeAt(0)),
  }));
  return Response.json({ object: "list", data, model: "m" });
}

/** The text of the last message. */
function lastText(messages: unknown): string {
  const content: unknown = Array.isArray(messages) ? messages.at(-1)?.content : undefined;
  return Array.isArray(content) ? content.map(({ text }) => text ?? "").join("") : String(content);
}

function refusal(situation: RefusalSituation): Response {
  switch (situation) {
    case "rate-limit":
      return failure(429, { message: "Slow down.", code: "rate_limit_exceeded" }, {
        "retry-after": "2",
      });
    case "transient":
      return failure(503, { message: "The engine is overloaded.", type: "server_error" });
    case "authentication":
      return failure(401, { message: "Incorrect API key provided.", code: "invalid_api_key" });
    case "invalid-request":
      return failure(400, { message: "Unknown parameter.", type: "invalid_request_error" });
    case "context-length":
      return failure(400, {
        message: "This model's maximum context length is 8192 tokens.",
        code: "context_length_exceeded",
      });
  }
}
