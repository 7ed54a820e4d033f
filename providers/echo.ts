/**
 * The `echo` provider: answers with what was asked. For tests, and for trying things out.
 *
 * @module
 */
import { delay } from "@std/async/delay";
import * as v from "valibot";
import { messageText } from "./_message_text.ts";
import { type ModelRequest, type ModelResponse, toModelRequest } from "../src/providers/model.ts";
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { OngoingCalls } from "./_ongoing_calls.ts";
import { optionsSchema } from "./_options_schema.ts";

/** The options of `echo:`. */
export interface EchoConfig {
  /**
   * Milliseconds before each answer.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
}

/** Answers with the text of the last user message; `echo:` is its whole spec. */
const echo: ModelProvider<EchoConfig> = defineProvider<EchoConfig>({
  name: "echo",
  permissions: {},
  config: optionsSchema({
    delayMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  }),
  setup(spec, { config }) {
    const delayMs = config.delayMs ?? 0;
    const ongoing = new OngoingCalls();
    return Promise.resolve(modelHandle(`echo:${spec}`, {
      async generate(request, { signal } = {}) {
        signal?.throwIfAborted();
        if (delayMs > 0) await pause(delayMs, { signal, ongoing });
        return answer(toModelRequest(request));
      },
    }, { teardown: () => ongoing.end() }));
  },
});
export default echo;

async function pause(
  ms: number,
  { signal, ongoing }: { readonly signal: AbortSignal | undefined; readonly ongoing: OngoingCalls },
): Promise<void> {
  const call = new AbortController();
  const stop = () => call.abort(signal?.reason);
  ongoing.add(call);
  signal?.addEventListener("abort", stop);
  try {
    await delay(ms, call);
  } finally {
    ongoing.delete(call);
    signal?.removeEventListener("abort", stop);
  }
}

function answer(request: ModelRequest): ModelResponse {
  const asked = request.messages.findLast((message) => message.role === "user");
  return { text: asked === undefined ? "" : messageText(asked), finishReason: "stop" };
}
