/**
 * A name server on this machine that remembers which names it was asked for.
 *
 * @module
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A name server. */
export interface NameServer extends AsyncDisposable {
  readonly port: number;
  /** The names that it was asked for. */
  readonly requests: string[];
}

const HEADER_BYTES = 12;

/** An answer to the first question: the address 127.0.0.1, and what else such a record holds. */
const RECORD: readonly number[] = [0xc0, HEADER_BYTES, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1];

/** Starts one, to which every name is this machine. */
export async function serveNames(): Promise<NameServer> {
  const requests: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, end } = questionOf(query);
    requests.push(name);
    const answer = Uint8Array.from([...query.subarray(0, end), ...RECORD]);
    // A response, without an error, with one answer and nothing after it.
    answer.set([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0], 2);
    socket.send(answer, port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    port: socket.address().port,
    requests,
    async [Symbol.asyncDispose]() {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}

/** The name that a query asks for, and where its question ends. */
function questionOf(query: Uint8Array): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(new TextDecoder().decode(query.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return { name: labels.join("."), end: at + 5 };
}
