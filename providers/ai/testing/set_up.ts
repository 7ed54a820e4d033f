import { model, type ModelOption } from "../../../src/providers/model_spec.ts";
import type { ModelHandle } from "../../../src/providers/provider.ts";
import { setUpModel } from "../../../src/providers/set_up.ts";

/** Sets `ai:SPEC` up as a session does. */
export async function setUp(
  spec: string,
  options: Record<string, ModelOption>,
  env: Record<string, string> = {},
): Promise<ModelHandle> {
  return await setUpModel(model(`ai:${spec}`, options), {
    signal: new AbortController().signal,
    log() {},
    env: (name) => env[name],
  });
}
