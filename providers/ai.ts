/**
 * The `ai` provider: every model that the Vercel AI SDK has a provider package for.
 *
 * @module
 */
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { type AIConfig, aiConfig } from "./ai/config.ts";
import { loadModels } from "./ai/load.ts";
import { aiModel } from "./ai/model.ts";
import { VARIABLES } from "./ai/packages.ts";

export type { AIConfig };

/** Answers by a provider package of the AI SDK. */
const ai: ModelProvider<AIConfig> = defineProvider<AIConfig>({
  name: "ai",
  permissions: { env: VARIABLES },
  config: aiConfig,
  async setup(spec, { config, env }) {
    // The SDK prints warnings, of settings that a model does not know; they are in `raw` as well.
    Reflect.set(globalThis, "AI_SDK_LOG_WARNINGS", false);
    const models = await loadModels(spec, { config, env });
    const ending = new AbortController();
    return modelHandle(`ai ${spec}`, aiModel(models, { config, ending: ending.signal }), {
      teardown: () => ending.abort(new Error("The model was torn down during the call.")),
    });
  },
});
export default ai;
