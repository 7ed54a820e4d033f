/**
 * Modal's protocol, as the SDK defines it.
 *
 * @module
 */
import { checkForRenamedParams, type ModalClient } from "modal";

type Client = ModalClient["cpClient"];

/** A message of which a server need not give each field. */
export type Sparse<T> = T extends Uint8Array | Date | string | number | boolean | undefined ? T
  : T extends readonly (infer Entry)[] ? Sparse<Entry>[]
  : { [Field in keyof T]?: Sparse<T[Field]> };

/** The request of one of Modal's calls. */
export type Request<Name extends keyof Client> = Parameters<Client[Name]>[0];

/** What one of Modal's calls is answered with: a message, or a stream of them. */
export type Answer<Name extends keyof Client> = ReturnType<Client[Name]> extends
  Promise<infer Response> ? Promise<Sparse<Response>>
  : ReturnType<Client[Name]> extends AsyncIterable<infer Response> ? AsyncIterable<Sparse<Response>>
  : never;

/** What comes with a call. */
export interface CallContext {
  /** Who calls, and with which token. */
  readonly metadata: Headers;
  /** Aborted when the client no longer waits. */
  readonly signal: AbortSignal;
}

/** How some of Modal's calls are answered; those that are not here are refused as unimplemented. */
export type Handlers = {
  readonly [Name in keyof Client]?: (
    request: Request<Name>,
    context: CallContext,
  ) => Answer<Name>;
};

/** How one message of the protocol is written and read. */
export interface MessageType {
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
  fromPartial(message: unknown): unknown;
}

/** One call of the protocol. */
export interface MethodDefinition {
  readonly name: string;
  readonly requestType: MessageType;
  readonly responseType: MessageType;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The protocol: a gRPC service. */
export interface ServiceDefinition {
  readonly name: string;
  readonly fullName: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

/** What the tests need of the protocol. */
export interface Protocol {
  readonly service: ServiceDefinition;
  /** The parameters of a class, in the form that they are bound in. */
  readonly parameterSet: MessageType;
  /** The wait that comes with a refusal. */
  readonly retryPolicy: MessageType;
  /** The details of a refusal. */
  readonly status: MessageType;
}

/**
 * The definitions that the SDK was built from are in its file, but it does not export them. They are
 * in front of its own code and need nothing else of it; so that part is loaded as a module.
 */
export async function modalProtocol(): Promise<Protocol> {
  const text = await Deno.readTextFile(new URL(sdkFile()));
  const [start, end] = [
    text.indexOf("\n// node_modules/@bufbuild/"),
    text.indexOf("\n// src/errors"),
  ];
  if (start === -1 || end < start) {
    throw new Error("The SDK's file has another form than expected.");
  }
  const exports = "export const protocol = { service: ModalClientDefinition, " +
    "parameterSet: ClassParameterSet, retryPolicy: RPCRetryPolicy, status: RPCStatus };";
  const blob = new Blob([text.slice(start, end), "\n", exports], { type: "text/javascript" });
  const url = URL.createObjectURL(blob);
  try {
    const { protocol } = await import(url);
    return protocol;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Where the SDK lies: a stack says it, whatever the place of the cache. */
function sdkFile(): string {
  try {
    checkForRenamedParams({ old: true }, { old: "new" });
  } catch (error) {
    const file = /file:\S+?\.js/.exec(error instanceof Error ? error.stack ?? "" : "");
    if (file !== null) return file[0];
  }
  throw new Error("The place of the SDK's file is not known.");
}
