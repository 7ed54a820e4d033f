/**
 * A server's connections, with a signal for the end of each.
 *
 * `Deno.serve` tells a request's end by its `signal`, but not over HTTP/1.1 once the request came in
 * more than one piece. Here each connection goes through a relay, which sees its end itself.
 *
 * @module
 */

/** The relay in front of a server. */
export interface WatchedConnections extends AsyncDisposable {
  /** Where clients connect to. */
  readonly port: number;
  /** Aborted when the client closes the connection that the server sees coming from `port`. */
  closed(port: number): AbortSignal;
}

/** Relays connections to a server on this machine. */
export function watchConnections(server: number): WatchedConnections {
  const hostname = "127.0.0.1";
  const listener = Deno.listen({ hostname, port: 0 });
  const ends = new Map<number, AbortController>();
  const relays = new Set<Promise<void>>();

  async function relay(client: Deno.Conn): Promise<void> {
    const upstream = await Deno.connect({ hostname, port: server });
    const { port } = upstream.localAddr as Deno.NetAddr;
    const end = new AbortController();
    ends.set(port, end);
    const directions = [
      client.readable.pipeTo(upstream.writable),
      upstream.readable.pipeTo(client.writable),
    ].map((direction) => direction.catch(() => {}));
    await Promise.race(directions);
    end.abort();
    for (const connection of [client, upstream]) close(connection);
    await Promise.all(directions);
    ends.delete(port);
  }

  const accepting = (async () => {
    for await (const client of listener) {
      const relayed = relay(client).finally(() => relays.delete(relayed));
      relays.add(relayed);
    }
  })();
  return {
    port: listener.addr.port,
    closed: (port) => ends.get(port)?.signal ?? AbortSignal.abort(),
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(relays);
    },
  };
}

/** Closes a connection, which the end of a stream may have closed already. */
function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
