/**
 * The `vllm` provider: starts `vllm serve` on this machine, or uses a vLLM server that runs.
 *
 * @module
 */
import { DotevalsError } from "../src/errors.ts";
import {
  defineProvider,
  type ModelHandle,
  modelHandle,
  type ModelProvider,
  type SetupContext,
} from "../src/providers/provider.ts";
import { OngoingCalls } from "./_ongoing_calls.ts";
import { flagsOf, type VllmConfig, vllmConfig } from "./vllm/config.ts";
import { runningServer } from "./vllm/running_server.ts";
import { ServerKeeper } from "./vllm/server_keeper.ts";
import { keptModel, loadAt, servedModelAt } from "./vllm/served_chat_model.ts";
import { startServer } from "./vllm/start_server.ts";

export type { VllmConfig };

const KEY_VARIABLE = "VLLM_API_KEY";
const START_TIMEOUT_MS = 1_800_000;

/** Answers from a vLLM server, which it starts where none is given. */
const vllm: ModelProvider<VllmConfig> = defineProvider<VllmConfig>({
  name: "vllm",
  permissions: { run: ["vllm", "sh"], net: ["127.0.0.1"], env: [KEY_VARIABLE] },
  config: vllmConfig,
  async setup(spec, context) {
    const { config, env, signal } = context;
    if (spec === "") throw new Error("no model is named: write vllm:MODEL");
    const key = env(config.apiKeyVariable ?? KEY_VARIABLE);
    if (config.apiKeyVariable !== undefined && !key) throw noKey(config.apiKeyVariable);
    const running = await runningServer({ model: spec, config, key, signal });
    if (!running) return await started(spec, key, context);
    context.log("info", `${spec} is served at ${running.url} already.`);
    const ongoing = new OngoingCalls();
    return modelHandle(
      `${running.url}/v1 ${spec}`,
      servedModelAt({ ...running, ongoing }, config),
      {
        load: (options) => loadAt(running.url, options),
        teardown: () => ongoing.end(),
      },
    );
  },
});
export default vllm;

async function started(
  model: string,
  key: string | undefined,
  { config, signal, log }: SetupContext<VllmConfig>,
): Promise<ModelHandle> {
  const { command = "vllm", startTimeoutMs = START_TIMEOUT_MS } = config;
  const flags = flagsOf(config.args);
  const keeper = await ServerKeeper.open({
    start: (signal) => startServer({ model, command, flags, key, startTimeoutMs, signal, log }),
    log,
  }, signal);
  const { url } = await keeper.current;
  return modelHandle(`${url}/v1 ${model}`, keptModel(keeper, config), {
    load: async (options) => loadAt((await keeper.current).url, options),
    teardown: () => keeper.close(),
  });
}

function noKey(variable: string): DotevalsError {
  return new DotevalsError(
    `the environment variable ${variable}, which must hold the server's key, is not set`,
    {
      code: "no-key",
      hint: `Set ${variable}, or leave out the option apiKeyVariable.`,
      exitCode: 3,
    },
  );
}
