/**
 * A provider that can do all that the protocol knows.
 *
 * @module
 */
import type { CallOptions, ModelRequest, ModelResponse } from "../../model.ts";
import { type ModelProvider, PROVIDER, PROVIDER_PROTOCOL } from "../../provider.ts";

/** What its endpoint's refusals mean. */
const CODES: Readonly<Record<number, string>> = {
  400: "invalid-request",
  401: "authentication",
  413: "context-length",
  429: "rate-limit",
  503: "transient",
};

/** The provider; its one option is the endpoint's `url`. */
const whole: ModelProvider = {
  [PROVIDER]: PROVIDER_PROTOCOL,
  name: "whole",
  permissions: {},
  config: { "~standard": { version: 1, vendor: "whole", validate: (value) => ({ value }) } },
  async setup(spec, { config, signal }) {
    const { url } = config as { readonly url: string };
    await (await fetch(url, { signal })).body?.cancel();
    const ending = new AbortController();
    const during = (given?: AbortSignal) =>
      AbortSignal.any([ending.signal, ...given ? [given] : []]);
    const generate = (request: string | ModelRequest, given?: CallOptions) =>
      ask(url, request, during(given?.signal));
    async function teardown(): Promise<void> {
      ending.abort(
        Object.assign(new Error("It is torn down."), { code: "transient", retryable: true }),
      );
      await undefined;
    }
    return {
      resourceId: `whole ${spec}`,
      model: {
        generate,
        embed: (texts) => Promise.resolve(texts.map((text) => [text.length, text.charCodeAt(0)])),
        generateBatch: (requests, given) =>
          Promise.all(requests.map((request) => generate(request, given))),
      },
      teardown,
      [Symbol.asyncDispose]: teardown,
    };
  },
};

export default whole;

/** One call, whose answer is read piece by piece. */
async function ask(
  url: string,
  request: string | ModelRequest,
  signal: AbortSignal,
): Promise<ModelResponse> {
  const start = performance.now();
  const response = await fetch(url, { method: "POST", body: JSON.stringify(request), signal });
  if (!response.ok) throw refused(response, await response.text());
  const decoder = new TextDecoder();
  let text = "";
  let timeToFirstTokenMs = NaN;
  for await (const piece of response.body ?? []) {
    if (text === "") timeToFirstTokenMs = performance.now() - start;
    text += decoder.decode(piece, { stream: true });
  }
  const usage = { inputTokens: 1, outputTokens: text.length };
  return { text, usage, timeToFirstTokenMs, latencyMs: performance.now() - start };
}

function refused({ status, headers }: Response, message: string): Error {
  const seconds = headers.get("retry-after");
  return Object.assign(new Error(message), {
    code: CODES[status],
    status,
    retryable: status === 429 || status === 503,
    ...seconds !== null && { retryAfterMs: Number(seconds) * 1000 },
  });
}
