/**
 * A real HTTP server for tests.
 *
 * @module
 */

/** A server on a free port. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves on 127.0.0.1 until the end of the block. */
export function serve(answer: (request: Request) => Response): TestServer {
  const abort = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      signal: abort.signal,
      onListen: () => {},
      onError: () => new Response(),
    },
    answer,
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    async [Symbol.asyncDispose]() {
      abort.abort();
      await server.finished;
    },
  };
}
