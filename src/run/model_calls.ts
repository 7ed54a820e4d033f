/**
 * The model as an item sees it: calls are tried again, stopped with the item, and noted on it.
 *
 * @module
 */
import type { Model, ModelResponse } from "../providers/model.ts";
import type { CallContext, NamedModel } from "./call_context.ts";
import type { CallNotes } from "./call_notes.ts";
import { type Call, makeCall } from "./make_call.ts";

/** Wraps a model for one item. */
export function modelForItem(
  named: NamedModel,
  notes: CallNotes,
  context: CallContext,
): Model {
  const { model } = named;
  const caller = { named, limits: context.limits.of(named), notes, context };
  const call = <Value>(asked: Call<Value>) => makeCall(caller, asked);
  const { embed, generateBatch } = model;
  return {
    generate: (request, options) =>
      call({
        kind: "generate",
        request,
        options,
        tokens: (estimate) => estimate.of(request),
        once: (once) => model.generate(request, once),
        answers: (response) => [checkedResponse(response)],
        requests: [request],
      }),
    ...embed && {
      embed: (texts, options) =>
        call({
          kind: "embed",
          request: texts,
          options,
          tokens: (estimate) => ({ ...estimate.of(texts), outputTokens: 0, isGuess: false }),
          once: (once) => embed.call(model, texts, once),
          answers: () => [],
        }),
    },
    ...generateBatch && {
      generateBatch: (requests, options) =>
        call({
          kind: "batch",
          request: requests,
          options,
          tokens: (estimate) => estimate.of(requests),
          once: (once) => generateBatch.call(model, requests, once),
          answers: checkedResponses,
          requests,
        }),
    },
  };
}

/** A provider is others' code: what it answers may be no response. */
function checkedResponse(response: unknown): ModelResponse {
  const isResponse = typeof response === "object" && response !== null && "text" in response &&
    typeof response.text === "string";
  if (isResponse) return response as unknown as ModelResponse;
  throw new TypeError(
    `The model's provider answered with ${
      response === null ? "null" : `a ${typeof response}`
    } that has no text; generate() must return { text: "…" }.`,
  );
}

function checkedResponses(responses: unknown): readonly ModelResponse[] {
  if (Array.isArray(responses)) return responses.map(checkedResponse);
  throw new TypeError(
    `The model's provider answered a batch with a ${typeof responses}; generateBatch() must ` +
      "return a list of responses.",
  );
}
