/**
 * A stand-in for AWS: SageMaker's runtime, its control plane, and Application Auto Scaling, on one
 * port. Written from AWS's protocols for its own SDK, and stricter than AWS is.
 *
 * @module
 */
import type { Container } from "./containers.ts";
import { ControlPlane, type Start } from "./control.ts";
import { type Invocation, invoke, readInvocation } from "./invocations.ts";
import { type Refusal, Refused, toAnswer } from "./refusal.ts";
import { Scaling } from "./scaling.ts";
import { type AccessKey, checkSignature } from "./signature.ts";

/** The region that the stand-in is in. */
export const REGION = "eu-test-1";

/** A key that it knows. */
export const KEY: AccessKey = { accessKeyId: "AKIATEST", secretAccessKey: "secret/of+test" };

/** The environment that holds {@linkcode KEY}. */
export const KEY_ENV: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
  AWS_REGION: REGION,
};

/** Options of {@linkcode startAws}. */
export interface AwsOptions {
  /** What runs behind endpoints, by name; those that are created get the first. */
  readonly containers?: Readonly<Record<string, Container>>;
  /** How endpoints start; at once in service without it. */
  readonly start?: Start;
  /** More keys. */
  readonly keys?: readonly AccessKey[];
  /** Told each operation, signed and readable; an error that it returns is the answer. */
  readonly on?: (
    operation: string,
    request: Request,
  ) => Refusal | undefined | Promise<Refusal | undefined>;
}

/** The stand-in, running. */
export interface Aws extends AsyncDisposable {
  readonly url: string;
  /** The operations that were asked for, in order, those that were refused included. */
  readonly operations: string[];
  readonly invocations: Invocation[];
  readonly control: ControlPlane;
  readonly scaling: Scaling;
}

/** Starts the stand-in on a free port of this machine. */
export function startAws(options: AwsOptions = {}): Aws {
  const { containers = {}, keys = [] } = options;
  const control = new ControlPlane(options.start ?? { asks: 0 });
  const scaling = new Scaling();
  const operations: string[] = [];
  const invocations: Invocation[] = [];

  async function answer(request: Request): Promise<Response> {
    const body = await request.bytes();
    const [service, operation] = targetOf(request);
    operations.push(operation);
    await checkSignature(request, { body, service, region: REGION, keys: [KEY, ...keys] });
    const refusal = await options.on?.(operation, request);
    if (refusal !== undefined) throw new Refused(refusal);
    if (operation.startsWith("InvokeEndpoint")) return await invoked(request, body);
    const input: unknown = JSON.parse(new TextDecoder().decode(body));
    const output = service === "sagemaker"
      ? control.answer(operation, input)
      : scaling.answer(operation, input);
    return new Response(output === undefined ? null : JSON.stringify(output), {
      headers: { "content-type": "application/x-amz-json-1.1" },
    });
  }

  async function invoked(request: Request, body: Uint8Array): Promise<Response> {
    const invocation = readInvocation(request, body);
    invocations.push(invocation);
    const { endpoint } = invocation;
    const created = control.endpoints.get(endpoint)?.status === "InService";
    const container = containers[endpoint] ?? (created ? Object.values(containers)[0] : undefined);
    if (container === undefined) {
      const message = `Endpoint ${endpoint} of account 123456789012 not found.`;
      throw new Refused({ status: 400, type: "ValidationError", message });
    }
    return await invoke(invocation, container);
  }

  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
    handler: (request) =>
      answer(request).catch((error) => {
        if (error instanceof Refused) return toAnswer(error.refusal);
        throw error;
      }),
    onError: (error) => toAnswer({ status: 500, type: "InternalFailure", message: String(error) }),
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    operations,
    invocations,
    control,
    scaling,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The service whose signature a request must have, and the operation that it asks for. */
function targetOf(request: Request): [service: string, operation: string] {
  const target = request.headers.get("x-amz-target");
  if (target === null) {
    const streams = new URL(request.url).pathname.endsWith("-response-stream");
    return ["sagemaker", streams ? "InvokeEndpointWithResponseStream" : "InvokeEndpoint"];
  }
  const [service = "", operation = ""] = target.split(".");
  if (service === "SageMaker") return ["sagemaker", operation];
  if (service === "AnyScaleFrontendService") return ["application-autoscaling", operation];
  throw new Refused({
    status: 400,
    type: "UnknownOperationException",
    message: `There is no service ${service}.`,
  });
}
