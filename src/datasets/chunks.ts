/**
 * Reads streams chunk by chunk.
 *
 * @module
 */
import type { Bytes } from "./bytes.ts";
import type { DatasetError } from "./dataset_error.ts";

/**
 * The chunks of a stream; ends early once `signal` is aborted. Leaving the iteration cancels the stream.
 *
 * @throws what `broken` makes of the reason if the stream breaks
 */
export async function* chunksOf(
  bytes: Bytes,
  signal: AbortSignal,
  broken: (cause: unknown) => DatasetError,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = bytes.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    if (signal.aborted) return;
    throw broken(cause);
  } finally {
    signal.removeEventListener("abort", cancel);
    await reader.cancel().catch(() => {});
  }
}
