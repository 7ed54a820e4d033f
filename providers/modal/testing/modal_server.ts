/**
 * A stand-in for Modal: a gRPC server of the SDK's own protocol.
 *
 * It refuses what Modal would refuse: a wrong token, a call that it does not know, a message with a
 * field or a type that the protocol does not have, a name that stands for nothing.
 *
 * @module
 */
import { ServerError, Status } from "nice-grpc";
import { startBlobs } from "./blobs.ts";
import {
  type CallContext,
  type Handlers,
  type MessageType,
  type MethodDefinition,
  modalProtocol,
  type Protocol,
} from "./definition.ts";
import { type Frame, toBytes } from "./frames.ts";
import { type DeployedFunction, functionHandlers } from "./functions.ts";
import { startGateway } from "./start_gateway.ts";

/** What a stand-in has, and how it may be told to fail. */
export interface ModalServerOptions {
  /** The deployed functions, by `app/name` or `app/Class.method`. */
  readonly functions?: Readonly<Record<string, DeployedFunction>>;
  /** More of Modal's calls, as sandboxes need them. */
  readonly handlers?: (protocol: Protocol) => Handlers;
}

/** A refusal, and the wait that it asks for. */
export interface Refusal {
  readonly status: Status;
  readonly message: string;
  readonly retryAfterSecs?: number;
}

/** A stand-in for Modal that runs. */
export interface ModalServer extends AsyncDisposable {
  readonly url: string;
  /** The environment in which the SDK finds the server. */
  readonly variables: Readonly<Record<string, string>>;
  /** The names of the calls that came, in their order. */
  readonly calls: readonly string[];
  /** Refuses the next call of this name. */
  refuse(name: string, refusal: Refusal): void;
  /** Resolves when a call of this name has come since `since` calls. */
  called(name: string, since?: number): Promise<void>;
}

const TOKEN_ID = "ak-stand-in";
const TOKEN_SECRET = "as-stand-in-secret";

type Handler = (request: unknown, context: CallContext) => unknown;

/** Starts a stand-in on a free port of this machine. */
export async function startModal(options: ModalServerOptions = {}): Promise<ModalServer> {
  const protocol = await modalProtocol();
  const blobs = startBlobs();
  const authToken = signedToken();
  const handlers = {
    authTokenGet: () => Promise.resolve({ token: authToken }),
    ...blobs.handlers,
    ...functionHandlers(options.functions ?? {}, { protocol, blobs }),
    ...options.handlers?.(protocol),
  } as unknown as Readonly<Record<string, Handler | undefined>>;
  const calls: string[] = [];
  const refusals = new Map<string, Refusal[]>();
  const waiting = new Set<() => void>();

  /** What a call is answered with, once nothing of it is to be refused. */
  function begin(key: string, bytes: Uint8Array, context: CallContext): unknown {
    const method = protocol.service.methods[key];
    if (method === undefined) throw new ServerError(Status.UNIMPLEMENTED, `There is no ${key}.`);
    checkToken(method.name, context, authToken);
    calls.push(method.name);
    for (const wake of waiting) wake();
    const refusal = refusals.get(method.name)?.shift();
    if (refusal) throw refusal;
    const request = readStrictly(method, bytes);
    const handler = handlers[key];
    if (handler !== undefined) return handler(request, context);
    throw new ServerError(Status.UNIMPLEMENTED, `${method.name} is not implemented.`);
  }

  async function* answer(key: string, bytes: Uint8Array, context: CallContext) {
    const method = protocol.service.methods[key];
    const write = (message: unknown) =>
      toBytes({ type: "message", bytes: written(method?.responseType, message) });
    try {
      const result = begin(key, bytes, context);
      if (method?.responseStream) {
        for await (const message of result as AsyncIterable<unknown>) yield write(message);
      } else yield write(await result);
      yield toBytes({ type: "end", code: Status.OK, details: "" });
    } catch (error) {
      yield toBytes(toEnd(error, protocol));
    }
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const key = new URL(request.url).pathname.slice(1);
    const gone = new AbortController();
    const context = { metadata: request.headers, signal: gone.signal };
    const frames = answer(key, new Uint8Array(await request.arrayBuffer()), context);
    return new Response(streamOf(frames, gone));
  });
  const { fullName, methods } = protocol.service;
  const gateway = await startGateway({
    answersUrl: `http://127.0.0.1:${server.addr.port}`,
    fullName,
    methods: Object.fromEntries(
      Object.entries(methods).map((
        [key, { name, responseStream }],
      ) => [key, { name, responseStream }]),
    ),
  });
  return {
    url: gateway.url,
    variables: {
      MODAL_SERVER_URL: gateway.url,
      MODAL_TOKEN_ID: TOKEN_ID,
      MODAL_TOKEN_SECRET: TOKEN_SECRET,
    },
    calls,
    refuse: (name, refusal) => {
      refusals.set(name, [...refusals.get(name) ?? [], refusal]);
    },
    async called(name, since = 0) {
      while (!calls.slice(since).includes(name)) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.add(resolve);
        await promise;
        waiting.delete(resolve);
      }
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await server.shutdown();
      await blobs[Symbol.asyncDispose]();
    },
  };
}

/**
 * Reads a request so that nothing in it is passed over: what was read, written again, must be what
 * came. A field that the protocol does not have is left out then, and so is one of another type.
 */
function readStrictly({ name, requestType }: MethodDefinition, bytes: Uint8Array): unknown {
  const refuse = (what: string) => new ServerError(Status.INVALID_ARGUMENT, `${name}: ${what}`);
  let value: unknown;
  try {
    value = requestType.decode(bytes);
  } catch (error) {
    throw refuse(`the message cannot be read: ${error}`);
  }
  if (same(bytes, requestType.encode(value).finish())) return value;
  throw refuse("the message has a field, or a type, that the protocol does not have");
}

/** `gone` is aborted when nobody reads on, also while the next frame is still to come. */
function streamOf(frames: AsyncGenerator<Uint8Array<ArrayBuffer>>, gone: AbortController) {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await frames.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => gone.abort(),
  });
}

function written(type: MessageType | undefined, message: unknown): Uint8Array {
  return type?.encode(type.fromPartial(message)).finish() ?? new Uint8Array();
}

function checkToken(name: string, { metadata }: CallContext, authToken: string): void {
  const right = metadata.get("x-modal-token-id") === TOKEN_ID &&
    metadata.get("x-modal-token-secret") === TOKEN_SECRET;
  if (!right) {
    const given = metadata.get("x-modal-token-secret");
    throw new ServerError(Status.UNAUTHENTICATED, `The token (secret ${given}) is not valid.`);
  }
  if (metadata.get("x-modal-client-type") === null) {
    throw new ServerError(Status.INVALID_ARGUMENT, "The client does not say of which type it is.");
  }
  if (name !== "AuthTokenGet" && metadata.get("x-modal-auth-token") !== authToken) {
    throw new ServerError(Status.UNAUTHENTICATED, "The signature of the auth token is not valid.");
  }
}

/** How a call ends that is refused, with the wait that the refusal asks for. */
function toEnd(error: unknown, protocol: Protocol): Frame {
  if (error instanceof ServerError) {
    return { type: "end", code: error.code, details: error.details };
  }
  if (!isRefusal(error)) return { type: "end", code: Status.INTERNAL, details: String(error) };
  const { status: code, message, retryAfterSecs } = error;
  const end = { type: "end", code, details: message } as const;
  if (retryAfterSecs === undefined) return end;
  const value = protocol.retryPolicy.encode({ retryAfterSecs }).finish();
  const details = [{ typeUrl: "type.googleapis.com/modal.client.RPCRetryPolicy", value }];
  const status = protocol.status.encode({ code, message, details }).finish();
  return { ...end, statusDetails: status.toBase64() };
}

function isRefusal(error: unknown): error is Refusal {
  return typeof error === "object" && error !== null && "status" in error;
}

/** A token of the form that the SDK reads its end from: an hour from now. */
function signedToken(): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return `${part({ alg: "HS256" })}.${part({ exp })}.${crypto.randomUUID()}`;
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
