/**
 * Creates an endpoint for a session and deletes what was created, and nothing else.
 *
 * @module
 */
import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { type Account, clientConfig } from "./account.ts";
import type { Autoscaling, CreateOptions } from "./config.ts";
import { type EndpointState, removeEndpoint, untilInService } from "./endpoint_state.ts";
import type { LogLevel } from "../../src/providers/provider.ts";

/** What {@linkcode createEndpoint} needs. */
export interface CreateEndpointOptions {
  readonly create: CreateOptions;
  readonly account: Account;
  readonly signal: AbortSignal;
  readonly log: (level: LogLevel, message: string) => void;
}

const VARIANT = "AllTraffic";

/** Nobody else tries these again: a setup of ten minutes must not fail by one lost answer. */
const PATIENCE = { maxAttempts: 3, requestTimeout: 10_000 };

/**
 * Creates the model, the endpoint's configuration, the endpoint and its scaling, and waits until it
 * is in service. Disposing of what is returned deletes them all; a failure on the way, or an abort,
 * deletes what is there by then.
 *
 * A request that creates is never aborted: whether it had its effect would not be known. The
 * model and the configuration have names that nobody else uses, so they can be deleted even then;
 * an endpoint is known as ours by its configuration.
 */
export async function createEndpoint(
  endpoint: string,
  { create, account, signal, log }: CreateEndpointOptions,
): Promise<AsyncDisposable> {
  await using undo = new AsyncDisposableStack();
  const client = new SageMakerClient(
    clientConfig(account, { service: "api.sagemaker", ...PATIENCE }),
  );
  undo.defer(() => client.destroy());
  const name = `${endpoint.slice(0, 50).replace(/-+$/, "")}-${crypto.randomUUID().slice(0, 8)}`;
  const state: EndpointState = {
    client,
    endpoint,
    configName: name,
    pollMs: create.pollMs ?? 10_000,
    log,
  };

  undo.defer(() => ignoringAbsence(client.send(new DeleteModelCommand({ ModelName: name }))));
  await client.send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: create.role,
      PrimaryContainer: containerOf(create),
    }),
  );
  signal.throwIfAborted();

  undo.defer(() =>
    ignoringAbsence(client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })))
  );
  await client.send(
    new CreateEndpointConfigCommand(
      {
        EndpointConfigName: name,
        ProductionVariants: [{
          VariantName: VARIANT,
          ModelName: name,
          InstanceType: create.instanceType,
          InitialInstanceCount: create.instanceCount ?? 1,
        }],
      } as CreateEndpointConfigCommand["input"],
    ),
  );
  signal.throwIfAborted();

  undo.defer(() => removeEndpoint(state));
  await client.send(
    new CreateEndpointCommand({ EndpointName: endpoint, EndpointConfigName: name }),
  );
  log("info", `created the endpoint ${endpoint} with ${create.instanceType}, and waits for it`);
  await untilInService(state, signal);
  if (create.autoscaling) {
    undo.use(await scale(endpoint, { scaling: create.autoscaling, account }));
  }
  signal.throwIfAborted();
  log("info", `the endpoint ${endpoint} is in service`);
  return undo.move();
}

function containerOf({ image, modelPackage, modelData, env }: CreateOptions) {
  return {
    ...image && { Image: image },
    ...modelPackage && { ModelPackageName: modelPackage },
    ...modelData && { ModelDataUrl: modelData },
    ...env && { Environment: { ...env } },
  };
}

/** Scales the endpoint by its requests; disposing of it ends that, its policy included. */
async function scale(
  endpoint: string,
  { scaling, account }: { readonly scaling: Autoscaling; readonly account: Account },
): Promise<AsyncDisposable> {
  await using undo = new AsyncDisposableStack();
  const client = new ApplicationAutoScalingClient(
    clientConfig(account, { service: "application-autoscaling", ...PATIENCE }),
  );
  undo.defer(() => client.destroy());
  const target = {
    ServiceNamespace: "sagemaker",
    ResourceId: `endpoint/${endpoint}/variant/${VARIANT}`,
    ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
  } as const;
  undo.defer(() => ignoringAbsence(client.send(new DeregisterScalableTargetCommand(target))));
  await client.send(
    new RegisterScalableTargetCommand({
      ...target,
      MinCapacity: scaling.min,
      MaxCapacity: scaling.max,
    }),
  );
  await client.send(
    new PutScalingPolicyCommand({
      ...target,
      PolicyName: `${endpoint}-requests`,
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: scaling.target,
        PredefinedMetricSpecification: {
          PredefinedMetricType: "SageMakerVariantInvocationsPerInstance",
        },
      },
    }),
  );
  return undo.move();
}

/** What was not created, because creating it failed, cannot be deleted. */
async function ignoringAbsence(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error &&
    (error.name === "ObjectNotFoundException" || /could not find|not found/i.test(error.message));
}
