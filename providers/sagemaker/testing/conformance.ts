/**
 * What the suite for providers is told of `sagemaker`.
 *
 * @module
 */
import { callGate } from "../../../src/providers/conformance/call_gate.ts";
import type { ProviderTestOptions } from "../../../src/providers/conformance/suite.ts";
import type { Situation } from "../../../src/providers/conformance/situation.ts";
import { vllm } from "./containers.ts";
import type { Refusal } from "./refusal.ts";
import { KEY_ENV, startAws } from "./stand_in.ts";

const ENDPOINT = "my-endpoint";

const create = {
  image: "123456789012.dkr.ecr.eu-test-1.amazonaws.com/lmi:1",
  role: "arn:aws:iam::123456789012:role/sagemaker",
  instanceType: "ml.g5.xlarge",
  pollMs: 5,
};

const REFUSALS: Readonly<Partial<Record<Situation, Refusal>>> = {
  "rate-limit": {
    status: 429,
    type: "ThrottlingException",
    message: "Rate exceeded",
    headers: { "retry-after": "2" },
  },
  transient: { status: 503, type: "ServiceUnavailable", message: "Busy" },
  authentication: {
    status: 403,
    type: "UnrecognizedClientException",
    message: "The security token included in the request is invalid.",
  },
  "invalid-request": { status: 400, type: "ValidationError", message: "Body too large" },
  "context-length": {
    status: 424,
    type: "ModelError",
    message: "Received client error (400) from primary.",
    members: {
      OriginalStatusCode: 400,
      OriginalMessage: "This model's maximum context length is 4096 tokens.",
      LogStreamArn: "arn:aws:logs",
    },
  },
};

const repeats = vllm(({ messages }) => ({ content: textOf(messages.at(-1)?.content) }));

/** `sagemaker`, which creates its endpoint where calls or setups have to wait. */
export const conformance: ProviderTestOptions = {
  start(situation) {
    const gate = callGate(situation);
    const creates = ["holds", "setup-fails", "setup-hangs"].includes(situation);
    const aws = startAws({
      containers: { [creates ? "any" : ENDPOINT]: repeats },
      start: {
        asks: situation === "setup-hangs" ? 50 : 1,
        ...situation === "setup-fails" && { failureReason: "There is no capacity." },
      },
      async on(operation, { signal }) {
        if (!operation.startsWith("InvokeEndpoint")) return undefined;
        await gate.pass(signal);
        return REFUSALS[situation];
      },
    });
    const { control, operations } = aws;
    return {
      spec: ENDPOINT,
      options: { endpointUrl: aws.url, ...creates && { create } },
      env: KEY_ENV,
      ...gate,
      waiting: situation === "setup-hangs" ? () => control.endpoints.size : gate.waiting,
      resources: () => ({
        created: creates ? operations.filter((name) => name === "CreateEndpoint").length : 1,
        left: control.endpoints.size + control.configs.size + control.models.size,
      }),
      async [Symbol.asyncDispose]() {
        gate.release();
        await aws[Symbol.asyncDispose]();
      },
    };
  },
  leftOut: {
    embed: "it has no embed",
    "generate-batch": "it has no generateBatch",
  },
};

function textOf(content: unknown): string {
  return Array.isArray(content) ? content.map(({ text }) => text).join("") : String(content);
}
