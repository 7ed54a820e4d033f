/**
 * What the suite for providers is told of `modal`.
 *
 * @module
 */
import { ServerError, Status } from "nice-grpc";
import { callGate } from "../../../src/providers/conformance/call_gate.ts";
import type { ProviderTestOptions } from "../../../src/providers/conformance/suite.ts";
import type { Situation } from "../../../src/providers/conformance/situation.ts";
import { type Refusal, startModal } from "./modal_server.ts";

const REFUSALS: Readonly<Partial<Record<Situation, Refusal>>> = {
  "rate-limit": { status: Status.RESOURCE_EXHAUSTED, message: "Slow down.", retryAfterSecs: 2 },
  transient: { status: Status.UNAVAILABLE, message: "Busy." },
  authentication: { status: Status.UNAUTHENTICATED, message: "Token revoked." },
  "invalid-request": { status: Status.INVALID_ARGUMENT, message: "No such input." },
};

/** `modal` with a deployed function that repeats what it is asked. */
export const conformance: ProviderTestOptions = {
  async start(situation) {
    const gate = callGate(situation);
    const server = await startModal({
      ...situation === "setup-hangs" && {
        handlers: () => ({
          async functionGet(_request, { signal }) {
            await gate.pass(signal);
            throw new ServerError(Status.CANCELLED, "Nobody waits for it.");
          },
        }),
      },
      functions: {
        "app/fn": {
          async run([prompt], _kwargs, { signal }) {
            await gate.pass(signal);
            if (situation === "context-length") {
              throw new Error("This model's maximum context length is 8 tokens.");
            }
            return { text: prompt, usage: { input_tokens: 4, output_tokens: 4 } };
          },
        },
      },
    });
    const refusal = REFUSALS[situation];
    if (refusal) server.refuse("FunctionMap", refusal);
    return {
      ...gate,
      calls: () => server.calls.filter((name) => name === "FunctionMap").length,
      spec: situation === "setup-fails" ? "app/other" : "app/fn",
      options: { input: "prompt" },
      env: server.variables,
      async [Symbol.asyncDispose]() {
        gate.release();
        await server[Symbol.asyncDispose]();
      },
    };
  },
  leftOut: {
    streaming: "its answers come whole",
    embed: "it has no embed",
    "generate-batch": "it has no generateBatch",
  },
};
