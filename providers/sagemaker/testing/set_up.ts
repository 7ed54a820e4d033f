import { model, type ModelOption } from "../../../src/providers/model_spec.ts";
import type { ModelHandle } from "../../../src/providers/provider.ts";
import { setUpModel } from "../../../src/providers/set_up.ts";
import { KEY_ENV } from "./stand_in.ts";

/** Options of {@linkcode setUp}. */
export interface SetUp {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onLog?: (message: string) => void;
}

/** Sets `sagemaker:my-endpoint` up as a session does, with the stand-in's key. */
export async function setUp(
  options: Readonly<Record<string, ModelOption>>,
  { env = KEY_ENV, signal = new AbortController().signal, onLog = () => {} }: SetUp = {},
): Promise<ModelHandle> {
  return await setUpModel(model("sagemaker:my-endpoint", options), {
    signal,
    log: (_level, message) => onLog(message),
    env: (name) => env[name],
  });
}
