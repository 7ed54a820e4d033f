/**
 * Asks an endpoint to stream, and for the usage with it, as far as it does so.
 *
 * @module
 */
import { ModelError } from "../../src/providers/model_error.ts";

/** Whether to stream: as far as the endpoint does, always, never. */
export type StreamOption = "auto" | boolean;

type Fields = Readonly<Record<string, unknown>>;

/** Fields that ask for less from one to the next, and what an endpoint says that refuses them. */
const WAYS: readonly { readonly fields: Fields; readonly refused: RegExp }[] = [
  {
    fields: { stream: true, stream_options: { include_usage: true } },
    refused: /stream_options|include_usage/i,
  },
  // OpenAI streams some models to verified organizations only.
  { fields: { stream: true }, refused: /\bstream(ed|ing)?\b/i },
  { fields: {}, refused: /^$/ },
];
const WITHOUT = WAYS.length - 1;

/**
 * Makes a function that sends a request with the fields that ask for a stream.
 *
 * What the endpoint refuses is left out in the same call, and, once an answer came without it, in
 * all later ones: an endpoint is asked once for what it does not have.
 */
export function streaming(
  option: StreamOption,
): <Answer>(send: (fields: Fields) => Promise<Answer>) => Promise<Answer> {
  let known = option === false ? WITHOUT : 0;
  const last = option === true ? WITHOUT - 1 : WITHOUT;
  return async (send) => {
    for (let way = known;; way++) {
      try {
        const answer = await send(WAYS[way]?.fields ?? {});
        known = Math.max(known, way);
        return answer;
      } catch (error) {
        const next = nextWay(error, way);
        if (next === undefined || next > last) throw error;
        way = next - 1;
      }
    }
  };
}

/** The way that asks for none of what was refused; `undefined` if something else was. */
function nextWay(error: unknown, way: number): number | undefined {
  if (!(error instanceof ModelError) || error.code !== "invalid-request") return undefined;
  for (let refused = way; refused < WITHOUT; refused++) {
    if (WAYS[refused]?.refused.test(error.message)) return refused + 1;
  }
  return undefined;
}
