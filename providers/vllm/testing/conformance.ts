/**
 * What the suite for providers is told of `vllm`.
 *
 * @module
 */
import type { ProviderTestOptions } from "../../../src/providers/conformance/suite.ts";
import type { Situation, TestEndpoint } from "../../../src/providers/conformance/situation.ts";
import { serveChat } from "../../openai/testing/serve_chat.ts";
import { loadOf } from "../metrics.ts";
import { running } from "./process_state.ts";
import { open, type StandIn, standIn, type StandInSettings } from "./stand_in.ts";

const leftOut = {
  embed: "it has no embed",
  "generate-batch": "it has no generateBatch",
} as const;
const REFUSES = "the server's own refusals are those of a server that runs";

/** `vllm` with servers that it starts. */
export const started: ProviderTestOptions = {
  async start(situation) {
    const vllm = await standIn((gate) => settingsFor(situation, gate));
    return {
      spec: "m",
      options: { command: vllm.command },
      waiting: () => situation === "setup-hangs" ? startsOf(vllm) : callsAt(vllm),
      release: () => open(vllm.gate("answer")),
      async resources() {
        const processes = (await vllm.started()).flatMap(({ server, engine }) => [server, engine]);
        return { created: await startsOf(vllm), left: (await running(processes)).length };
      },
      [Symbol.asyncDispose]: () => vllm[Symbol.asyncDispose](),
    };
  },
  leftOut: {
    ...leftOut,
    "rate-limit": REFUSES,
    "retry-after": REFUSES,
    transient: REFUSES,
    authentication: REFUSES,
    "invalid-request": REFUSES,
    "context-length": REFUSES,
  },
};

/** `vllm` with a server that runs already. */
export const adopted: ProviderTestOptions = {
  title: "vllm (a server that runs)",
  start(situation): TestEndpoint {
    const server = serveChat(situation, situation === "setup-fails" ? "another" : "m");
    const env = { VLLM_API_KEY: "k-conformance-1234" };
    return { ...server, spec: "m", options: { baseUrl: server.url }, env };
  },
  leftOut: { ...leftOut, "setup-hangs": "only a server that it starts takes long" },
};

function settingsFor(situation: Situation, gate: (name: string) => string): StandInSettings {
  switch (situation) {
    case "holds":
      return { answerGate: gate("answer") };
    case "setup-fails":
      return { loadFailure: "out-of-memory" };
    case "setup-hangs":
      return { loadGate: gate("never") };
    default:
      return {};
  }
}

async function startsOf(vllm: StandIn): Promise<number> {
  return (await vllm.started()).length;
}

/** Calls at all servers; one that has ended has none. */
async function callsAt(vllm: StandIn): Promise<number> {
  const counts = (await vllm.started()).map(async ({ port }) => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    const load = loadOf(await response?.text() ?? "");
    return (load?.running ?? 0) + (load?.waiting ?? 0);
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
