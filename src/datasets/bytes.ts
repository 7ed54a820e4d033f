/**
 * Streams of bytes, unpacked where they are packed.
 *
 * @module
 */
import { Duplex } from "node:stream";
import { createGunzip } from "node:zlib";

/** The bytes of a file or of an HTTP answer. */
export type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * Unpacks what begins as gzip does; no text and no Parquet file begins so. Told by the bytes, not
 * the name: a server may have unpacked `.gz` already.
 */
export async function unpacked(bytes: Bytes): Promise<Bytes> {
  const reader = bytes.getReader();
  const head: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  while (length < 2) {
    const { done, value } = await reader.read();
    if (done) break;
    head.push(value);
    length += value.length;
  }
  const [first, second] = head.flatMap((part) => [...part.subarray(0, 2)]);
  const whole: Bytes = new ReadableStream({
    async pull(stream) {
      const held = head.shift();
      if (held) return stream.enqueue(held);
      const { done, value } = await reader.read();
      if (done) stream.close();
      else stream.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return isGzip(first, second) ? whole.pipeThrough(gunzip()) : whole;
}

/** Whether bytes begin as gzip does. */
export function isGzip(first: number | undefined, second: number | undefined): boolean {
  return first === 0x1f && second === 0x8b;
}

/** Not `DecompressionStream`: that one fails at the second member of a file of several. */
function gunzip(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return Duplex.toWeb(createGunzip()) as TransformStream;
}

/** One array of bytes out of several. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
