/**
 * Answers on their way from the test's process to the gateway: messages, and how the call ended.
 *
 * @module
 */

/** A message of an answer, or its end. */
export type Frame =
  | { readonly type: "message"; readonly bytes: Uint8Array }
  | {
    readonly type: "end";
    /** gRPC's status code. */
    readonly code: number;
    readonly details: string;
    /** `grpc-status-details-bin`, in base64. */
    readonly statusDetails?: string;
  };

const HEADER = 5;

/** A frame's bytes: its type, the length of what follows, and that. */
export function toBytes(frame: Frame): Uint8Array<ArrayBuffer> {
  const payload = frame.type === "message"
    ? frame.bytes
    : new TextEncoder().encode(JSON.stringify(frame));
  const bytes = new Uint8Array(HEADER + payload.length);
  bytes[0] = frame.type === "message" ? 0 : 1;
  new DataView(bytes.buffer).setUint32(1, payload.length);
  bytes.set(payload, HEADER);
  return bytes;
}

/** The frames in a stream of bytes. */
export async function* framesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  let rest = new Uint8Array();
  for await (const chunk of stream) {
    const joined = new Uint8Array(rest.length + chunk.length);
    joined.set(rest);
    joined.set(chunk, rest.length);
    rest = joined;
    while (rest.length >= HEADER) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      if (rest.length < HEADER + length) break;
      const payload = rest.slice(HEADER, HEADER + length);
      if (rest[0] === 0) yield { type: "message", bytes: payload };
      else yield JSON.parse(new TextDecoder().decode(payload));
      rest = rest.slice(HEADER + length);
    }
  }
}
