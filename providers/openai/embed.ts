/**
 * Vectors of texts.
 *
 * @module
 */
import type { CallOptions } from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";
import type { CallClient } from "./client.ts";

/** OpenAI takes at most so many texts in a request. */
const TEXTS = 2048;

/** Makes a model's `embed`: one vector for each text, in their order. */
export function embedder(
  model: string,
  client: CallClient,
): (texts: readonly string[], options?: CallOptions) => Promise<number[][]> {
  async function part(input: string[], signal: AbortSignal | undefined): Promise<number[][]> {
    const { data } = await client(
      ({ client, options }) =>
        client.embeddings.create({ model, input, encoding_format: "float" }, options),
      signal,
    );
    if (data?.length !== input.length) {
      throw new TransientError(
        `The endpoint answered with ${data?.length ?? "no"} vectors to ${input.length} texts.`,
      );
    }
    return data.toSorted((left, right) => left.index - right.index).map((entry) => entry.embedding);
  }

  return async (texts, { signal } = {}) => {
    const vectors: number[][] = [];
    for (let at = 0; at < texts.length; at += TEXTS) {
      vectors.push(...await part(texts.slice(at, at + TEXTS), signal));
    }
    return vectors;
  };
}
