/**
 * The `ai` provider: every model that the Vercel AI SDK has a provider package for.
 *
 * @module
 */
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { OngoingCalls } from "./_ongoing_calls.ts";
import { type AIConfig, aiConfig } from "./ai/config.ts";
import { loadModels } from "./ai/load.ts";
import { aiModel } from "./ai/model.ts";
import { HOSTS, VARIABLES } from "./ai/packages.ts";

export type { AIConfig };

/** Answers by a provider package of the AI SDK. */
const ai: ModelProvider<AIConfig> = defineProvider<AIConfig>({
  name: "ai",
  permissions: { net: HOSTS, env: VARIABLES },
  config: aiConfig,
  async setup(spec, { config, env, signal }) {
    // The SDK prints warnings, of settings that a model does not know; they are in `raw` as well.
    Reflect.set(globalThis, "AI_SDK_LOG_WARNINGS", false);
    const { pricedAs, ...models } = await unlessAborted(signal, loadModels(spec, { config, env }));
    const ongoing = new OngoingCalls();
    return modelHandle(`ai ${spec}`, aiModel(models, { config, ongoing }), {
      ...pricedAs && { pricedAs },
      teardown: () => ongoing.end(),
    });
  },
});
export default ai;

/** Gives a download up, which cannot be aborted, when the session stops. */
async function unlessAborted<T>(signal: AbortSignal, loading: Promise<T>): Promise<T> {
  using listening = new DisposableStack();
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    listening.defer(() => signal.removeEventListener("abort", abort));
  });
  return await Promise.race([loading, aborted]);
}
