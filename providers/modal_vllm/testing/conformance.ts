/**
 * What the suite for providers is told of `modal-vllm`.
 *
 * @module
 */
import { callGate } from "../../../src/providers/conformance/call_gate.ts";
import type { Situation } from "../../../src/providers/conformance/situation.ts";
import type { ProviderTestOptions } from "../../../src/providers/conformance/suite.ts";
import { startModal } from "../../modal/testing/modal_server.ts";
import { type SandboxBehaviour, sandboxes } from "./sandboxes.ts";

const TOO_LONG = "This model's maximum context length is 8 tokens.";

/** vLLM's refusals, as far as it has them, and its tunnel's. */
const REFUSALS: Readonly<Partial<Record<Situation, () => Response>>> = {
  "rate-limit": () => new Response("slow", { status: 429, headers: { "retry-after": "2" } }),
  transient: () => new Response("overloaded", { status: 500 }),
  authentication: () => Response.json({ error: "Unauthorized" }, { status: 401 }),
  "invalid-request": () => Response.json({ error: { message: "No such field." } }, { status: 400 }),
  "context-length": () => Response.json({ error: { message: TOO_LONG } }, { status: 400 }),
};

/** `modal-vllm` with one sandbox, whose model repeats what it was asked. */
export const conformance: ProviderTestOptions = {
  async start(situation) {
    const gate = callGate(situation);
    const fleet = sandboxes({ behaviour: () => behaviourIn(situation, gate) });
    const server = await startModal({ handlers: () => fleet.handlers });
    return {
      ...gate,
      spec: "m",
      env: server.variables,
      waiting: situation === "setup-hangs" ? () => fleet.all.length : gate.waiting,
      resources: () => ({
        created: fleet.all.length,
        left: fleet.all.filter(({ exitCode }) => exitCode === undefined).length,
      }),
      async [Symbol.asyncDispose]() {
        gate.release();
        await server[Symbol.asyncDispose]();
        await fleet[Symbol.asyncDispose]();
      },
    };
  },
  leftOut: {
    embed: "it has no embed",
    "generate-batch": "it has no generateBatch",
  },
};

function behaviourIn(situation: Situation, gate: ReturnType<typeof callGate>): SandboxBehaviour {
  if (situation === "setup-fails") return { fails: { log: "ValueError: no such model", code: 1 } };
  if (situation === "setup-hangs") return { loaded: new Promise(() => {}) };
  return {
    async before(request) {
      // To listen where nothing is held would let Deno warn of its signal's abort after an answer.
      await gate.pass(situation === "holds" ? request.signal : new AbortController().signal);
      return REFUSALS[situation]?.();
    },
  };
}
