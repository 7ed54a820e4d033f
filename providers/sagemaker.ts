/**
 * The `sagemaker` provider: endpoints of Amazon SageMaker, those that are there and those that a
 * session creates for itself.
 *
 * @module
 */
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { OngoingCalls } from "./_ongoing_calls.ts";
import { clientConfig, toAccount, VARIABLES } from "./sagemaker/account.ts";
import {
  type Autoscaling,
  type CreateOptions,
  type PayloadTemplate,
  type SageMakerConfig,
  sageMakerConfig,
} from "./sagemaker/config.ts";
import { endpointModel } from "./sagemaker/model.ts";

export type { Autoscaling, CreateOptions, PayloadTemplate, SageMakerConfig };

/** The clients of the control plane are large, and loaded only to create an endpoint. */
const CREATE = "./sagemaker/create.ts";

/** Answers from an endpoint of SageMaker. */
const sagemaker: ModelProvider<SageMakerConfig> = defineProvider<SageMakerConfig>({
  name: "sagemaker",
  permissions: { net: ["*.amazonaws.com", "*.amazonaws.com.cn"], env: VARIABLES },
  config: sageMakerConfig,
  async setup(endpoint, { config, env, signal, log }) {
    if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(endpoint)) {
      throw new Error(`"${endpoint}" is no name of an endpoint: write sagemaker:ENDPOINT`);
    }
    const account = toAccount(config, env);
    await using undo = new AsyncDisposableStack();
    if (config.create) {
      const { createEndpoint }: typeof import("./sagemaker/create.ts") = await import(CREATE);
      const { create } = config;
      undo.use(await createEndpoint(endpoint, { create, account, signal, log }));
    }
    const client = new SageMakerRuntimeClient(
      clientConfig(account, { service: "runtime.sagemaker", maxAttempts: 1, requestTimeout: 0 }),
    );
    undo.defer(() => client.destroy());
    const ongoing = new OngoingCalls();
    undo.defer(() => ongoing.end());
    const ended = undo.move();
    return modelHandle(
      `${account.region} ${endpoint}`,
      endpointModel(client, { endpoint, config, ongoing }),
      { teardown: () => ended.disposeAsync() },
    );
  },
});
export default sagemaker;
