/**
 * A connection between a client and a server that can be spoiled: delayed, reset, cut off.
 *
 * @module
 */

/** How a proxy treats what passes through it; all of it may change at any time. */
export interface ProxyFaults {
  /** Milliseconds by which answers are late. */
  delayMs: number;
  /** How likely a connection is reset when something passes through it, from 0 to 1. */
  resets: number;
  /** Whether a request, of which this is a piece, reaches the server and its answer nobody. */
  dropsAnswer: (request: string) => boolean;
  /** Passes nothing on, and closes nothing. */
  frozen: boolean;
}

/** A proxy that runs until it is disposed. */
export interface Proxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly faults: ProxyFaults;
  /** Answers that were dropped. */
  readonly dropped: number;
  /** Connections that were reset. */
  readonly reset: number;
  /** Refuses connections, and resets those that there are. */
  stop(): void;
  /** Takes connections again, at the same port. */
  start(): void;
}

/** Options of {@linkcode startProxy}. */
export interface ProxyOptions extends Partial<ProxyFaults> {
  /** A number from 0 up to 1. */
  readonly random?: () => number;
}

/** Starts a proxy before the server at an address. */
export function startProxy(target: string, options: ProxyOptions = {}): Proxy {
  const { random = Math.random, ...given } = options;
  const { hostname, port } = new URL(target);
  const faults: ProxyFaults = {
    delayMs: 0,
    resets: 0,
    dropsAnswer: () => false,
    frozen: false,
    ...given,
  };
  const pairs = new Set<Pair>();
  let [dropped, reset] = [0, 0];
  let listener = listen(0);
  const own = listener.addr.port;
  let running = accept(listener);

  function listen(at: number): Deno.TcpListener {
    return Deno.listen({ hostname: "127.0.0.1", port: at });
  }

  async function accept(from: Deno.TcpListener): Promise<void> {
    const serving: Promise<void>[] = [];
    try {
      for await (const client of from) serving.push(serve(client));
    } catch {
      // The listener was closed.
    }
    await Promise.all(serving);
  }

  async function serve(client: Deno.TcpConn): Promise<void> {
    let server: Deno.TcpConn;
    try {
      server = await Deno.connect({ hostname, port: Number(port) });
    } catch {
      client.close();
      return;
    }
    const pair: Pair = { client, server, dropNext: false, closed: false };
    pairs.add(pair);
    await Promise.all([forward(pair, "client"), forward(pair, "server")]);
    close(pair);
  }

  /** Passes on what one side sends until it ends; late pieces keep their order. */
  async function forward(pair: Pair, from: "client" | "server"): Promise<void> {
    const to = from === "client" ? pair.server : pair.client;
    const buffer = new Uint8Array(64 * 1024);
    const text = new TextDecoder();
    let passed: Promise<unknown> = Promise.resolve();
    try {
      while (true) {
        const read = await pair[from].read(buffer);
        if (read === null) break;
        const piece = buffer.slice(0, read);
        if (random() < faults.resets) {
          reset++;
          break;
        }
        if (from === "client") {
          if (faults.dropsAnswer(text.decode(piece))) pair.dropNext = true;
        } else if (pair.dropNext) {
          dropped++;
          break;
        }
        const due = performance.now() + (from === "server" ? faults.delayMs : 0);
        passed = passed.then(() => pass(piece, { to, due }));
        passed.catch(() => close(pair));
      }
      await passed;
    } catch {
      // One of the two is gone, and with it the other.
    }
    close(pair);
  }

  async function pass(piece: Uint8Array, { to, due }: Piece): Promise<void> {
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    while (faults.frozen) await new Promise((resolve) => setTimeout(resolve, 10));
    for (let sent = 0; sent < piece.length;) sent += await to.write(piece.subarray(sent));
  }

  function close(pair: Pair): void {
    if (pair.closed) return;
    pair.closed = true;
    pairs.delete(pair);
    pair.client.close();
    pair.server.close();
  }

  function stop(): void {
    listener.close();
    for (const pair of [...pairs]) close(pair);
  }

  return {
    url: `http://127.0.0.1:${own}`,
    faults,
    get dropped() {
      return dropped;
    },
    get reset() {
      return reset;
    },
    stop,
    start() {
      listener = listen(own);
      const before = running;
      running = Promise.all([before, accept(listener)]).then(() => {});
    },
    async [Symbol.asyncDispose]() {
      faults.frozen = false;
      try {
        stop();
      } catch {
        // It was stopped already.
      }
      await running;
    },
  };
}

/** The two connections that belong together. */
interface Pair {
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
  dropNext: boolean;
  closed: boolean;
}

interface Piece {
  readonly to: Deno.TcpConn;
  /** When it is passed on. */
  readonly due: number;
}
