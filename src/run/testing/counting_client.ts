/**
 * A client that tests of runs count the calls of.
 *
 * @module
 */
import { asModel, type ModelOf, type PlainClient } from "../../evaluation/as_model.ts";

/** Calls so far, calls under way, and the most of these. */
export interface CallCounts {
  calls: number;
  underWay: number;
  most: number;
}

/** A client whose answers take 20 tokens, and its counts. */
export function countingClient(
  answer: (call: number, signal?: AbortSignal) => Promise<string>,
): { readonly client: ModelOf<PlainClient>; readonly counts: CallCounts } {
  const counts = { calls: 0, underWay: 0, most: 0 };
  const client = asModel<PlainClient>({
    async generate(_request, { signal } = {}) {
      const call = ++counts.calls;
      counts.most = Math.max(counts.most, ++counts.underWay);
      try {
        const text = await answer(call, signal);
        return { text, usage: { inputTokens: 10, outputTokens: 10 } };
      } finally {
        counts.underWay--;
      }
    },
  }, { name: "client" });
  return { client, counts };
}

/** A turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
