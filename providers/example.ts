/**
 * The `example` provider: three small models that run in the process and need no account. The
 * examples use them.
 *
 * Each computes its answers from the request, by rules: the same request always gets the same
 * answer, and some answers are wrong.
 *
 * @module
 */
import { messageText } from "./_message_text.ts";
import { type ModelRequest, type ModelResponse, toModelRequest } from "../src/providers/model.ts";
import { InvalidRequestError } from "../src/providers/model_error.ts";
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";

/** The models, and the files that they are in; loaded when first used. */
const MODELS: Readonly<Record<string, string>> = {
  arithmetic: "./example/arithmetic.ts",
  sentiment: "./example/sentiment.ts",
  extract: "./example/extract.ts",
};

/**
 * Sets up `example:arithmetic` (solves word problems), `example:sentiment` (calls texts positive,
 * negative or neutral) or `example:extract` (finds people, dates and amounts, answers in JSON).
 */
const example: ModelProvider = defineProvider<unknown>({
  name: "example",
  permissions: {},
  async setup(spec) {
    const file = Object.hasOwn(MODELS, spec) ? MODELS[spec] : undefined;
    if (file === undefined) {
      const known = Object.keys(MODELS).map((name) => `example:${name}`).join(", ");
      throw new InvalidRequestError(`There is no model "example:${spec}": there are ${known}.`);
    }
    const { answer }: { answer: (prompt: string) => string } = await import(file);
    return modelHandle(`example:${spec}`, {
      generate(request, { signal } = {}) {
        if (signal?.aborted) return Promise.reject(signal.reason);
        return Promise.resolve(respond(toModelRequest(request), answer));
      },
    });
  },
});
export default example;

function respond(request: ModelRequest, answer: (prompt: string) => string): ModelResponse {
  const asked = request.messages.findLast((message) => message.role === "user");
  const prompt = [request.system ?? "", asked === undefined ? "" : messageText(asked)].join("\n");
  const text = answer(prompt);
  return {
    text,
    ...request.schema && { parsed: parsed(text) },
    finishReason: "stop",
    usage: { inputTokens: words(prompt), outputTokens: words(text) },
  };
}

/** An answer that is no JSON is its own text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** To these models a word is a token. */
function words(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}
