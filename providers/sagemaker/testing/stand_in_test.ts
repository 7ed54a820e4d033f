import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateModelCommand,
  ListEndpointsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { assertEquals, assertRejects } from "@std/assert";
import { clientConfig } from "../account.ts";
import { tgi, vllm } from "./containers.ts";
import { type Aws, KEY, REGION, startAws } from "./stand_in.ts";

const body = JSON.stringify({ inputs: "x" });

function config(aws: Aws) {
  const account = { region: REGION, credentials: KEY, endpointUrl: aws.url };
  return clientConfig(account, { service: "none", maxAttempts: 1, requestTimeout: 0 });
}

async function invoke(
  aws: Aws,
  changes: Partial<ReturnType<typeof config>> & { readonly systemClockOffset?: number },
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const client = new SageMakerRuntimeClient({ ...config(aws), ...changes });
  const answer = await client.send(
    new InvokeEndpointCommand({
      EndpointName: "tgi",
      ContentType: "application/json",
      Body: body,
      ...more,
    }),
  );
  return new TextDecoder().decode(answer.Body);
}

const containers = { tgi: tgi((inputs) => inputs), vllm: vllm(() => ({ content: "x" })) };

/** The name and the message that AWS's own client makes of a refusal. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => call, Error);
  return `${error.name}: ${error.message}`;
}

Deno.test("the stand-in for AWS accepts what its own client signs", async () => {
  await using aws = startAws({ containers });
  assertEquals(await invoke(aws, {}), '[{"generated_text":"x"}]');
});

Deno.test("the stand-in for AWS refuses wrong, expired and foreign signatures", async () => {
  const expired = { ...KEY, accessKeyId: "ASIAOLD", sessionToken: "t", expired: true };
  await using aws = startAws({ containers, keys: [expired] });
  const refusals: readonly [Parameters<typeof invoke>[1], string][] = [
    [
      { credentials: { ...KEY, secretAccessKey: "x" } },
      "InvalidSignatureException: The request sig",
    ],
    [{ credentials: { ...KEY, accessKeyId: "x" } }, "UnrecognizedClientException: The security"],
    [{ credentials: { ...KEY, sessionToken: "x" } }, "UnrecognizedClientException: The security"],
    [{ credentials: expired }, "ExpiredTokenException: The security token"],
    [{ region: "us-east-1" }, "InvalidSignatureException: Credential should be scoped"],
    [{ systemClockOffset: -6 * 60_000 }, "InvalidSignatureException: Signature expired"],
    [{ systemClockOffset: 6 * 60_000 }, "InvalidSignatureException: Signature expired"],
  ];
  for (const [changes, message] of refusals) {
    const refusal = await refusalOf(invoke(aws, changes));
    assertEquals(refusal.slice(0, message.length), message);
  }
});

Deno.test("the stand-in for AWS refuses what was changed after signing, or not signed", async () => {
  await using aws = startAws({ containers });
  let signed: Request | undefined;
  const requestHandler = config(aws).requestHandler;
  const client = new SageMakerRuntimeClient({ ...config(aws), requestHandler });
  client.middlewareStack.add((next) => (args) => {
    const { hostname, port, path, headers } = args.request as {
      hostname: string;
      port: number;
      path: string;
      headers: Record<string, string>;
    };
    signed = new Request(`http://${hostname}:${port}${path}`, { method: "POST", headers, body });
    return next(args);
  }, { step: "finalizeRequest", priority: "low" });
  const input = { EndpointName: "tgi", ContentType: "application/json", Body: body };
  await client.send(new InvokeEndpointCommand(input));
  assertEquals(typeof signed, "object");

  const send = async (
    changes: { headers?: Record<string, string>; body?: string; path?: string },
  ) => {
    const headers = new Headers(signed?.headers);
    for (const [name, value] of Object.entries(changes.headers ?? {})) {
      if (value === "") headers.delete(name);
      else headers.set(name, value);
    }
    const url = new URL(changes.path ?? "/endpoints/tgi/invocations", aws.url);
    const answer = await fetch(url, { method: "POST", headers, body: changes.body ?? body });
    await answer.body?.cancel();
    return answer.headers.get("x-amzn-errortype");
  };
  assertEquals(await send({}), null);
  assertEquals(await send({ body: body.replace("x", "y") }), "InvalidSignatureException");
  assertEquals(await send({ path: "/endpoints/vllm/invocations" }), "InvalidSignatureException");
  assertEquals(
    await send({ headers: { "content-type": "text/csv" } }),
    "InvalidSignatureException",
  );
  assertEquals(
    await send({ headers: { authorization: "" } }),
    "MissingAuthenticationTokenException",
  );
  assertEquals(
    await send({ headers: { authorization: "Bearer x" } }),
    "IncompleteSignatureException",
  );
  assertEquals(await send({ headers: { "x-amz-date": "" } }), "IncompleteSignatureException");
});

Deno.test("the stand-in for AWS refuses unknown endpoints, paths, headers and content", async () => {
  await using aws = startAws({ containers });
  const refusals: readonly [Record<string, string>, string][] = [
    [{ EndpointName: "other" }, "ValidationError: Endpoint other of account"],
    [{ ContentType: "text/csv" }, "ValidationError: Content-Type text/csv is not supported"],
    [{ TargetModel: "m" }, "ValidationError: unknown header x-amzn-sagemaker-target-model"],
  ];
  for (const [more, message] of refusals) {
    const refusal = await refusalOf(invoke(aws, {}, more));
    assertEquals(refusal.slice(0, message.length), message);
  }
});

Deno.test("the stand-ins for containers refuse unknown fields and wrong types", async () => {
  await using aws = startAws({ containers });
  const bodies: readonly [endpoint: string, body: unknown, message: string][] = [
    ["tgi", { inputs: 1 }, "inputs"],
    ["tgi", { inputs: "x", input: "y" }, "input"],
    ["tgi", { inputs: "x", parameters: { temperature: 0 } }, "strictly positive"],
    ["tgi", { inputs: "x", parameters: { max_tokens: 1 } }, "parameters.max_tokens"],
    ["vllm", { messages: "x" }, "messages"],
    ["vllm", { messages: [], max_completion_tokens: 1 }, "max_completion_tokens"],
    ["vllm", { messages: [{ role: "user", content: 1 }] }, "messages.0.content"],
  ];
  for (const [EndpointName, asked, message] of bodies) {
    const refusal = await refusalOf(invoke(aws, {}, { EndpointName, Body: JSON.stringify(asked) }));
    assertEquals([/^ModelError/.test(refusal), refusal.includes(message)], [true, true], refusal);
  }
});

Deno.test("the stand-in for AWS's control plane refuses unknown fields, wrong types and operations", async () => {
  await using aws = startAws();
  const client = new SageMakerClient(config(aws));
  const model = {
    ModelName: "m",
    ExecutionRoleArn: "arn:aws:iam::1:role/r",
    PrimaryContainer: { Image: "i" },
  };
  const send = (input: Record<string, unknown>) =>
    refusalOf(client.send(new CreateModelCommand({ ...model, ...input })));
  assertEquals(
    await send({ EnableNetworkIsolation: true }),
    "SerializationException: unknown field EnableNetworkIsolation",
  );
  assertEquals(
    (await send({ ModelName: 5 })).startsWith("SerializationException: ModelName"),
    true,
  );
  assertEquals((await send({ ModelName: "-" })).includes("Invalid name"), true);
  assertEquals(
    (await send({ PrimaryContainer: {} })).startsWith("ValidationException: Exactly"),
    true,
  );
  assertEquals(
    await refusalOf(client.send(new ListEndpointsCommand())),
    "UnknownOperationException: There is no operation ListEndpoints.",
  );
  const scaling = new ApplicationAutoScalingClient(config(aws));
  const target = {
    ServiceNamespace: "sagemaker",
    ResourceId: "endpoint/e/variant/v",
    ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
    PolicyName: "p",
  } as const;
  const put = (input: Record<string, unknown>) =>
    refusalOf(scaling.send(new PutScalingPolicyCommand({ ...target, ...input })));
  assertEquals(
    (await put({ PolicyType: "StepScaling" })).startsWith("ValidationException: PolicyType"),
    true,
  );
  const policy = {
    TargetValue: 1,
    PredefinedMetricSpecification: {
      PredefinedMetricType: "SageMakerVariantInvocationsPerInstance",
    },
  } as const;
  assertEquals(
    await put({
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: policy,
    }),
    "ObjectNotFoundException: No scalable target found for endpoint/e/variant/v.",
  );
});
