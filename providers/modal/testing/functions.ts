/**
 * Modal's deployed functions, and the calls of them.
 *
 * @module
 */
import { Decoder, Encoder } from "cbor-x";
import { ServerError, Status } from "nice-grpc";
import type { Blobs } from "./blobs.ts";
import type { Handlers, Protocol, Request, Sparse } from "./definition.ts";

const CBOR = 4;
const PICKLE = 1;
const UNARY = 1;
const PARAMETERS_AS_PROTO = 2;
const LARGEST_ANSWER = 2 * 1024 * 1024;
const [SUCCESS, FAILURE, TERMINATED, INTERNAL_FAILURE] = [1, 2, 3, 6];

const codec = { mapsAsObjects: true, useRecords: false, tagUint8Array: false } as const;
const encoder = new Encoder(codec);
const decoder = new Decoder(codec);

/** What a call of a function is given beside its arguments. */
export interface CallInfo {
  /** The parameters that the class was made with. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Aborted when the call is cancelled. */
  readonly signal: AbortSignal;
}

/** A deployed function, or a method of a deployed class. */
export interface DeployedFunction {
  /** What it does with its arguments; what it throws is its exception. */
  readonly run: (
    args: readonly unknown[],
    kwargs: Readonly<Record<string, unknown>>,
    info: CallInfo,
  ) => unknown;
  /** Whether it was deployed by a client from before CBOR. */
  readonly onlyPickle?: boolean;
  /** The names of the text parameters of its class. */
  readonly parameters?: readonly string[];
}

/** Thrown by a function whose container dies. */
export class ContainerDied extends Error {
  override name = "ContainerDied";
}

type Result = Sparse<NonNullable<Awaited<ReturnType<typeof processResult>>>>;
type Input = NonNullable<NonNullable<Request<"functionMap">["pipelinedInputs"]>[number]["input"]>;

interface Call {
  readonly ending: AbortController;
  readonly result: Promise<Result>;
}

/** A function by its id: one of an app, or a class's with its parameters bound. */
interface Bound {
  readonly key: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Modal's calls for functions. */
export function functionHandlers(
  functions: Readonly<Record<string, DeployedFunction>>,
  { protocol, blobs }: { readonly protocol: Protocol; readonly blobs: Blobs },
): Handlers {
  const bound = new Map<string, Bound>();
  const calls = new Map<string, Call>();
  const idOf = (key: string, parameters: Bound["parameters"] = {}) => {
    const id = `fu-${bound.size}`;
    bound.set(id, { key, parameters });
    return id;
  };
  const boundOf = (id = "") => found(bound.get(id), `There is no function ${id}.`);
  return {
    functionGet({ appName = "", objectTag = "" }) {
      const key = `${appName}/${objectTag}`;
      if (objectTag.endsWith(".*")) {
        return Promise.resolve(classOf(functions, { key, functionId: idOf(key) }));
      }
      const deployed = found(functions[key], `There is no function ${key}.`);
      return Promise.resolve({ functionId: idOf(key), handleMetadata: metadataOf(deployed) });
    },
    functionBindParams({ functionId, serializedParams = new Uint8Array() }) {
      const { key } = boundOf(functionId);
      const set = protocol.parameterSet.decode(serializedParams) as ParameterSet;
      const parameters = Object.fromEntries(
        set.parameters.map(({ name, stringValue }) => [name, stringValue]),
      );
      const boundFunctionId = idOf(key, parameters);
      const { handleMetadata } = classOf(functions, { key, functionId: boundFunctionId });
      return Promise.resolve({ boundFunctionId, handleMetadata });
    },
    functionMap({ functionId, functionCallType, pipelinedInputs = [] }) {
      const input = pipelinedInputs[0]?.input;
      if (functionCallType !== UNARY || pipelinedInputs.length !== 1 || input === undefined) {
        throw new ServerError(Status.INVALID_ARGUMENT, "The call has not one input.");
      }
      const { key, parameters } = boundOf(functionId);
      const name = input.methodName ? key.replace("*", input.methodName) : key;
      const deployed = found(functions[name], `There is no function ${name}.`);
      const [args, kwargs] = argumentsOf(input, blobs);
      const ending = new AbortController();
      const run = async () =>
        await deployed.run(args, kwargs, { parameters, signal: ending.signal });
      const id = `fc-${calls.size}`;
      calls.set(id, { ending, result: processResult(run, { ending, blobs }) });
      return Promise.resolve({
        functionCallId: id,
        pipelinedInputs: [{ idx: 0, inputId: `in-${id}`, inputJwt: `jwt-${id}` }],
      });
    },
    async functionGetOutputs({ functionCallId = "", timeout = 0 }, { signal }) {
      const call = found(calls.get(functionCallId), `There is no call ${functionCallId}.`);
      const result = await within(call.result, { milliseconds: timeout * 1000, signal });
      if (result === undefined) return { outputs: [] };
      return { outputs: [{ idx: 0, result, dataFormat: CBOR }] };
    },
    functionCallCancel({ functionCallId = "" }) {
      found(calls.get(functionCallId), `There is no call ${functionCallId}.`).ending.abort();
      return Promise.resolve({});
    },
    functionGetCurrentStats({ functionId }) {
      boundOf(functionId);
      return Promise.resolve({ backlog: 3, numTotalTasks: 2 });
    },
  };
}

interface ParameterSet {
  readonly parameters: readonly { readonly name: string; readonly stringValue?: string }[];
}

function found<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new ServerError(Status.NOT_FOUND, message);
  return value;
}

function metadataOf(deployed: DeployedFunction) {
  return { supportedInputFormats: deployed.onlyPickle ? [PICKLE] : [PICKLE, CBOR] };
}

/** A class is found by `app/Class.*`, and knows its methods. */
function classOf(
  functions: Readonly<Record<string, DeployedFunction>>,
  { key, functionId }: { readonly key: string; readonly functionId: string },
) {
  const prefix = key.slice(0, -1);
  const methods = Object.entries(functions).filter(([name]) => name.startsWith(prefix));
  const [first] = found(methods[0], `There is no class ${key}.`).slice(1) as [DeployedFunction];
  const schema = (first.parameters ?? []).map((name) => ({ name, type: 1 }));
  return {
    functionId,
    handleMetadata: {
      classParameterInfo: { format: PARAMETERS_AS_PROTO, schema },
      methodHandleMetadata: Object.fromEntries(
        methods.map(([name, method]) => [name.slice(prefix.length), metadataOf(method)]),
      ),
    },
  };
}

/** The arguments: CBOR of a list by position and a map by name, in the message or in a blob. */
function argumentsOf(input: Input, blobs: Blobs): [readonly unknown[], Record<string, unknown>] {
  if (input.dataFormat !== CBOR) {
    throw new ServerError(Status.INVALID_ARGUMENT, `The input has format ${input.dataFormat}.`);
  }
  const bytes = input.argsBlobId ? blobs.get(input.argsBlobId) : input.args ?? new Uint8Array();
  let value: unknown;
  try {
    value = decoder.decode(bytes);
  } catch (error) {
    throw new ServerError(Status.INVALID_ARGUMENT, `The input is no CBOR: ${error}`);
  }
  const [args, kwargs] = Array.isArray(value) && value.length === 2 ? value : [];
  if (Array.isArray(args) && typeof kwargs === "object" && kwargs !== null) return [args, kwargs];
  throw new ServerError(Status.INVALID_ARGUMENT, "The input is no list of arguments and a map.");
}

async function processResult(
  run: () => Promise<unknown>,
  { ending, blobs }: { readonly ending: AbortController; readonly blobs: Blobs },
) {
  try {
    const answer = run();
    const { promise: cancelled, reject } = Promise.withResolvers<never>();
    ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
    const data = encoder.encode(await Promise.race([answer, cancelled]));
    return data.length > LARGEST_ANSWER
      ? { status: SUCCESS, dataBlobId: blobs.put(data) }
      : { status: SUCCESS, data };
  } catch (error) {
    if (ending.signal.aborted) return { status: TERMINATED, exception: "The call was cancelled." };
    const status = error instanceof ContainerDied ? INTERNAL_FAILURE : FAILURE;
    return { status, exception: error instanceof Error ? error.message : String(error) };
  }
}

/** What `promise` comes to in that time; `undefined` when it takes longer, or nobody waits for it. */
async function within<T>(
  promise: Promise<T>,
  { milliseconds, signal }: { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, milliseconds, undefined);
  const end = () => resolve(undefined);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
