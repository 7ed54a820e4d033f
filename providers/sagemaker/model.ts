/**
 * An endpoint that is in service, as a model.
 *
 * @module
 */
import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  type ResponseStream,
  type SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import {
  type Model,
  type ModelRequest,
  type ModelResponse,
  toModelRequest,
} from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";
import type { OngoingCalls } from "../_ongoing_calls.ts";
import { withinTime } from "../_within_time.ts";
import { jsonOrUndefined } from "./answer.ts";
import type { SageMakerConfig } from "./config.ts";
import { toModelError } from "./errors.ts";
import { events } from "./events.ts";
import type { Payload } from "./payload.ts";
import { toPayload } from "./to_payload.ts";

/** What {@linkcode endpointModel} needs to know. */
export interface EndpointOptions {
  readonly endpoint: string;
  readonly config: SageMakerConfig;
  /** The calls that are under way, to be ended when the model is torn down. */
  readonly ongoing: OngoingCalls;
}

interface Call {
  readonly client: SageMakerRuntimeClient;
  readonly payload: Payload;
  readonly request: ModelRequest;
  readonly input: {
    readonly EndpointName: string;
    readonly InferenceComponentName?: string;
    readonly TargetVariant?: string;
    readonly ContentType: string;
    readonly Body: string;
  };
  readonly signal: AbortSignal;
}

/** The model behind an endpoint. */
export function endpointModel(client: SageMakerRuntimeClient, options: EndpointOptions): Model {
  const { endpoint, config, ongoing } = options;
  const timeoutMs = config.timeoutMs ?? 600_000;
  const payload = toPayload(config);
  const streams = payload.streams && (config.stream ?? true);
  const target = {
    EndpointName: endpoint,
    ...config.inferenceComponent && { InferenceComponentName: config.inferenceComponent },
    ...config.targetVariant && { TargetVariant: config.targetVariant },
    ContentType: "application/json",
  };
  return {
    async generate(asked, { signal } = {}) {
      const request = toModelRequest(asked);
      return await withinTime({ timeoutMs, signal, ongoing }, (signal) => {
        const input = { ...target, Body: JSON.stringify(payload.toBody(request, streams)) };
        const call = { client, payload, request, input, signal };
        return streams ? streamed(call) : invoked(call);
      }, toModelError);
    },
  };
}

async function invoked({ client, payload, request, input, signal }: Call): Promise<ModelResponse> {
  const start = performance.now();
  const answer = await client.send(new InvokeEndpointCommand(input), { abortSignal: signal });
  const text = new TextDecoder().decode(answer.Body);
  const latencyMs = performance.now() - start;
  const value = jsonOrUndefined(text);
  if (value === undefined) {
    throw new TransientError(
      `The endpoint answered with something that is no JSON: ${text.slice(0, 200)}`,
    );
  }
  return { ...payload.toResponse(value, request), latencyMs };
}

async function streamed({ client, payload, request, input, signal }: Call): Promise<ModelResponse> {
  const start = performance.now();
  const command = new InvokeEndpointWithResponseStreamCommand(input);
  const { Body } = await client.send(command, { abortSignal: signal });
  if (Body === undefined) throw new TransientError("The endpoint answered with no stream.");
  const joined = payload.join(request);
  let timeToFirstTokenMs: number | undefined;
  for await (const event of events(bytesOf(Body))) {
    if (joined.add(event)) timeToFirstTokenMs ??= performance.now() - start;
  }
  const latencyMs = performance.now() - start;
  return {
    ...joined.response(),
    ...timeToFirstTokenMs === undefined ? {} : { timeToFirstTokenMs },
    latencyMs,
  };
}

/** The bytes of a stream's parts; its exceptions are thrown. */
async function* bytesOf(stream: AsyncIterable<ResponseStream>): AsyncGenerator<Uint8Array> {
  for await (const part of stream) {
    const failure = part.ModelStreamError ?? part.InternalStreamFailure;
    if (failure !== undefined) throw failure;
    if (part.PayloadPart?.Bytes) yield part.PayloadPart.Bytes;
  }
}
