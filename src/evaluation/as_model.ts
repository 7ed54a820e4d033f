/**
 * `asModel()`: a plain client as a model.
 *
 * @module
 */
import type {
  CallOptions,
  Model,
  ModelRequest,
  ModelResponse,
  PricedAs,
} from "../providers/model.ts";
import { type ModelTitle, runningItem } from "./running_item.ts";

/** What a plain client answers: a text, or a response. */
export type PlainAnswer = string | ModelResponse;

/** A client of your own, as functions. */
export interface PlainClient {
  /** Answers one request. */
  generate(
    request: string | ModelRequest,
    options?: CallOptions,
  ): PlainAnswer | Promise<PlainAnswer>;
  /** One vector per text, in order. */
  embed?(texts: readonly string[], options?: CallOptions): Promise<number[][]>;
  /** Answers several requests in one call, in order. */
  generateBatch?(
    requests: readonly (string | ModelRequest)[],
    options?: CallOptions,
  ): Promise<readonly PlainAnswer[]>;
}

/** Options of {@linkcode asModel}. */
export interface AsModelOptions {
  /**
   * What results call the model.
   *
   * @default {"client"}
   */
  readonly name?: string;
  /** What its calls are priced as; without it their cost is not known. */
  readonly pricedAs?: PricedAs;
}

/** A model that can do what its client can. */
export type ModelOf<Client extends PlainClient> =
  & Model
  & Required<Pick<Model, Extract<keyof Client, "embed" | "generateBatch">>>;

/**
 * Makes a model of a plain client.
 *
 * Calls that an evaluation's function makes of it, directly or through a fixture, are tried again
 * as the evaluation's `retry` says, slowed down when they are refused for their rate, aborted with
 * the item, and recorded on it. Outside of an item the client is called as it is. Turn the client's
 * own retries off: they would be hidden in one attempt.
 *
 * What may be tried again is seen from the error: its `retryable`, its HTTP `status`, or a failed
 * connection.
 *
 * @example
 * ```ts
 * import { asModel, exactMatch, foreach, run } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const shout = asModel({ generate: (request) => String(request).toUpperCase() }, { name: "shout" });
 *
 * const loud = foreach("text,expected", [["a", "A"]], async ({ text, expected }) =>
 *   exactMatch((await shout.generate(text)).text, expected));
 *
 * await using results = await run(loud, { storage: "memory:" });
 * assertEquals(results.evaluations[0]?.calls[0]?.model, "shout");
 * ```
 */
export function asModel<Client extends PlainClient>(
  client: Client,
  options: AsModelOptions = {},
): ModelOf<Client> {
  const { name = "client", pricedAs } = options;
  const title: ModelTitle = { name, pricedAs };
  const bare = bareModel(client);
  const now = () => runningItem()?.model(bare, title) ?? bare;
  const { embed, generateBatch } = bare;
  const model: Model = {
    generate: (request, options) => now().generate(request, options),
    ...embed && {
      embed: (texts, options) => (now().embed ?? embed)(texts, options),
    },
    ...generateBatch && {
      generateBatch: (requests, options) =>
        (now().generateBatch ?? generateBatch)(requests, options),
    },
  };
  return model as ModelOf<Client>;
}

/** The client with its answers as responses. */
function bareModel(client: PlainClient): Model {
  const { embed, generateBatch } = client;
  return {
    generate: async (request, options) => toResponse(await client.generate(request, options)),
    ...embed && {
      embed: async (texts, options) => await embed.call(client, texts, options),
    },
    ...generateBatch && {
      generateBatch: async (requests, options) =>
        (await generateBatch.call(client, requests, options)).map(toResponse),
    },
  };
}

function toResponse(answer: PlainAnswer): ModelResponse {
  return typeof answer === "string" ? { text: answer } : answer;
}
