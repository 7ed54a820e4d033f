/**
 * What becomes of an endpoint: waiting until it is in service, and deleting it.
 *
 * @module
 */
import {
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  type DescribeEndpointCommandOutput,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { delay } from "@std/async/delay";
import type { LogLevel } from "../../src/providers/provider.ts";

/** An endpoint that a session created, or tried to. */
export interface EndpointState {
  readonly client: SageMakerClient;
  readonly endpoint: string;
  /** The name of the configuration that it was created from; nobody else has one of this name. */
  readonly configName: string;
  readonly pollMs: number;
  readonly log: (level: LogLevel, message: string) => void;
}

/**
 * Waits until the endpoint is in service.
 *
 * @throws {Error} with SageMaker's reason, if it failed
 */
export async function untilInService(state: EndpointState, signal: AbortSignal): Promise<void> {
  const { client, endpoint, pollMs } = state;
  while (true) {
    const { EndpointStatus: status, FailureReason: reason } = await client.send(
      new DescribeEndpointCommand({ EndpointName: endpoint }),
      { abortSignal: signal },
    );
    if (status === "InService") return;
    if (status !== "Creating") {
      throw new Error(
        `the endpoint ${endpoint} is ${status} instead of in service: ` +
          `${reason ?? "SageMaker gives no reason"}`,
      );
    }
    await delay(pollMs, { signal });
  }
}

/**
 * Deletes the endpoint, if it is there and the one that was created. SageMaker refuses that while it is
 * still being created; then this waits, because whatever is left behind costs money.
 */
export async function removeEndpoint(state: EndpointState): Promise<void> {
  const { client, endpoint, configName, pollMs, log } = state;
  let waits = false;
  while (true) {
    const there = await described(state);
    if (there === undefined || there.EndpointStatus === "Deleting") return;
    if (there.EndpointConfigName !== configName) {
      log("warn", `leaves the endpoint ${endpoint} alone: it has another configuration by now`);
      return;
    }
    if (/^(Creating|Updating|SystemUpdating|RollingBack)$/.test(there.EndpointStatus ?? "")) {
      if (!waits) log("info", `waits until the endpoint ${endpoint} can be deleted`);
      waits = true;
      await delay(pollMs);
      continue;
    }
    await client.send(new DeleteEndpointCommand({ EndpointName: endpoint }));
    log("info", `deleted the endpoint ${endpoint}`);
    return;
  }
}

async function described(
  { client, endpoint }: EndpointState,
): Promise<DescribeEndpointCommandOutput | undefined> {
  try {
    return await client.send(new DescribeEndpointCommand({ EndpointName: endpoint }));
  } catch (error) {
    if (error instanceof Error && /could not find/i.test(error.message)) return undefined;
    throw error;
  }
}
