/**
 * SageMaker's runtime: `POST /endpoints/NAME/invocations` and `…/invocations-response-stream`.
 *
 * @module
 */
import { EventStreamCodec } from "@smithy/eventstream-codec";
import type { Container, ContainerAnswer } from "./containers.ts";
import { Refused } from "./refusal.ts";

/** What an endpoint gets beside its container. */
export interface Invocation {
  readonly endpoint: string;
  readonly streaming: boolean;
  readonly headers: Headers;
  readonly body: unknown;
}

const KNOWN = [
  "x-amzn-sagemaker-accept",
  "x-amzn-sagemaker-content-type",
  "x-amzn-sagemaker-custom-attributes",
  "x-amzn-sagemaker-inference-component",
  "x-amzn-sagemaker-inference-id",
  "x-amzn-sagemaker-target-variant",
];
const text = new TextEncoder();
const codec = new EventStreamCodec(
  (input) => typeof input === "string" ? input : new TextDecoder().decode(input),
  (input) => text.encode(input),
);

/** The invocation that a request asks for. */
export function readInvocation(request: Request, bytes: Uint8Array): Invocation {
  const { pathname } = new URL(request.url);
  const [, endpoint, kind] =
    /^\/endpoints\/([^/]+)\/(invocations(?:-response-stream)?)$/.exec(pathname) ?? [];
  if (request.method !== "POST" || endpoint === undefined) {
    throw new Refused({ status: 404, type: "UnknownOperationException", message: pathname });
  }
  for (const name of request.headers.keys()) {
    if (name.startsWith("x-amzn-sagemaker-") && !KNOWN.includes(name)) {
      throw validation(`unknown header ${name}`);
    }
  }
  const type = request.headers.get("content-type");
  if (type !== "application/json") throw validation(`Content-Type ${type} is not supported`);
  return {
    endpoint,
    streaming: kind !== "invocations",
    headers: request.headers,
    body: JSON.parse(new TextDecoder().decode(bytes)),
  };
}

/** Hands a body to a container and frames what it answers as SageMaker does. */
export async function invoke(invocation: Invocation, container: Container): Promise<Response> {
  const answer = await container(invocation.body);
  const status = "body" in answer ? answer.status ?? 200 : 200;
  if (status >= 400 && "body" in answer) throw modelError(status, JSON.stringify(answer.body));
  const headers = { "x-amzn-invoked-production-variant": "AllTraffic" };
  if (!invocation.streaming) {
    return new Response((await wholeOf(answer)).join(""), {
      headers: { ...headers, "content-type": "application/json" },
    });
  }
  const pieces = "stream" in answer ? answer.stream : [JSON.stringify(answer.body)];
  return new Response(ReadableStream.from(frames(pieces)), {
    headers: {
      ...headers,
      "content-type": "application/vnd.amazon.eventstream",
      "x-amzn-sagemaker-content-type": "text/event-stream",
    },
  });
}

/** An error that interrupts a stream, thrown by what makes its pieces. */
export class StreamFailure extends Error {
  /** Names the exception of the stream. */
  constructor(readonly type: "ModelStreamError" | "InternalStreamFailure", message: string) {
    super(message);
  }
}

/** The container failed, as SageMaker says it. */
function modelError(status: number, message: string): Refused {
  return new Refused({
    status: 424,
    type: "ModelError",
    message: `Received ${
      status < 500 ? "client" : "server"
    } error (${status}) from primary with message "${message}".`,
    members: { OriginalStatusCode: status, OriginalMessage: message, LogStreamArn: "arn:aws:logs" },
  });
}

function validation(message: string): Refused {
  return new Refused({ status: 400, type: "ValidationError", message });
}

async function wholeOf(answer: ContainerAnswer): Promise<string[]> {
  return "body" in answer ? [JSON.stringify(answer.body)] : await Array.fromAsync(answer.stream);
}

/** Pieces as events; each in two, cut in the middle, because SageMaker cuts where it likes. */
async function* frames(
  pieces: AsyncIterable<string> | readonly string[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  try {
    for await (const piece of pieces) {
      const bytes = text.encode(piece);
      const middle = bytes.length >> 1;
      yield frame(
        { ":message-type": "event", ":event-type": "PayloadPart" },
        bytes.slice(0, middle),
      );
      yield frame({ ":message-type": "event", ":event-type": "PayloadPart" }, bytes.slice(middle));
    }
  } catch (error) {
    if (!(error instanceof StreamFailure)) throw error;
    const body = text.encode(JSON.stringify({ Message: error.message }));
    yield frame({ ":message-type": "exception", ":exception-type": error.type }, body);
  }
}

function frame(headers: Readonly<Record<string, string>>, body: Uint8Array) {
  const typed = Object.entries({ ":content-type": "application/octet-stream", ...headers });
  return new Uint8Array(codec.encode({
    headers: Object.fromEntries(typed.map(([name, value]) => [name, { type: "string", value }])),
    body,
  }));
}
