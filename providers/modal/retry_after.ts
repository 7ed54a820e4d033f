/**
 * How long Modal asks to wait, from the details of a gRPC status.
 *
 * @module
 */

const POLICY = new TextEncoder().encode("/modal.client.RPCRetryPolicy");
const RETRY_AFTER_SECS = 0x0d;

/**
 * The milliseconds in the `RPCRetryPolicy` of `details`, which is a `google.rpc.Status` as it came.
 *
 * The SDK reads it too, but tells only its own retries. The policy has one field, a 32-bit float, and
 * stands behind its type's name, a tag and a length: that is all that is read of the message.
 */
export function retryAfterMs(details: Uint8Array): number | undefined {
  const name = indexOf(details, POLICY);
  if (name === -1) return undefined;
  const policy = name + POLICY.length + 2;
  if (details[policy] !== RETRY_AFTER_SECS || details.length < policy + 5) return undefined;
  const view = new DataView(details.buffer, details.byteOffset + policy + 1, 4);
  const seconds = view.getFloat32(0, true);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : undefined;
}

/** `error`, with the wait that came with it. */
export function withRetryAfter(error: unknown, details: unknown): unknown {
  const wait = details instanceof Uint8Array ? retryAfterMs(details) : undefined;
  if (wait === undefined || typeof error !== "object" || error === null) return error;
  return Object.assign(error, { retryAfterMs: wait });
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let start = 0; start + part.length <= bytes.length; start++) {
    if (part.every((byte, index) => bytes[start + index] === byte)) return start;
  }
  return -1;
}
