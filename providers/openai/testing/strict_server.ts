/**
 * A server that speaks as much of OpenAI's API as the tests need, and is strict about it.
 *
 * @module
 */
import { failure } from "./answers.ts";
import { wrongIn } from "./request_schemas.ts";

/** A request that arrived. */
export interface Seen {
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
  readonly path: string;
  /** The port that it came from: the same for all requests of one connection. */
  readonly port: number;
}

/** A server that runs. */
export interface Endpoint extends AsyncDisposable {
  readonly baseUrl: string;
  readonly seen: Seen[];
}

/**
 * A real server that answers each request by `answer`, unless it has a field that OpenAI does not
 * know, or one of a wrong type.
 */
export function serve(answer: (seen: Seen) => Response | Promise<Response>): Endpoint {
  const seen: Seen[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request, { remoteAddr: { port } }) => {
      const { headers } = request;
      const path = new URL(request.url).pathname;
      const body: Record<string, unknown> = await request.json();
      const entry: Seen = { body, headers, path, port };
      seen.push(entry);
      const wrong = headers.get("content-type") === "application/json"
        ? wrongIn(path, body)
        : "the content type is not application/json";
      if (wrong === undefined) return await answer(entry);
      return failure(400, {
        message: `Invalid request: ${wrong}`,
        type: "invalid_request_error",
        param: null,
        code: null,
      });
    },
  );
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    seen,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
