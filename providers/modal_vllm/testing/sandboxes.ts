/**
 * Modal's sandboxes, with a vLLM server in each.
 *
 * @module
 */
import { ServerError, Status } from "nice-grpc";
import type { Handlers, Request as RequestOf } from "../../modal/testing/definition.ts";
import { parseServeArgs, type ServeArgs } from "../../vllm/testing/serve_args.ts";
import { type SandboxVllm, startSandboxVllm } from "./sandbox_vllm.ts";

const [SUCCESS, FAILURE, TERMINATED] = [1, 2, 3];
const EPHEMERAL = 5;
const DAY_SECS = 86_400;
const GPUS = ["T4", "L4", "A10G", "L40S", "A100", "A100-80GB", "H100", "H200", "B200"];

/** How the next sandboxes behave. */
export interface SandboxBehaviour {
  /** Loading lasts until this resolves. */
  readonly loaded?: Promise<void>;
  /** Answers wait for this. */
  readonly gate?: Promise<void>;
  /** Sees calls before they are answered, and may answer in the server's place. */
  readonly before?: (request: Request) => Promise<Response | undefined>;
  /** The sandbox ends with this instead of loading. */
  readonly fails?: { readonly log: string; readonly code: number };
  /** It is never given a machine. */
  readonly unscheduled?: boolean;
  /** It cannot be ended. */
  readonly stubborn?: boolean;
}

type Definition = NonNullable<RequestOf<"sandboxCreate">["definition"]>;

/** A sandbox of the stand-in. */
export interface StandInSandbox {
  readonly id: string;
  /** What it was asked for with. */
  readonly definition: Definition;
  readonly variables: Readonly<Record<string, string>>;
  readonly server: SandboxVllm;
  /** Ends it as a crash does. */
  die(code: number): void;
  /** Its exit code, once it has ended. */
  readonly exitCode: number | undefined;
  /** Whether it was ended by a call of Modal's. */
  readonly wasTerminated: boolean;
}

interface State extends StandInSandbox {
  readonly behaviour: SandboxBehaviour;
  readonly ended: Promise<void>;
  end(status: number, code: number): void;
  readonly result: { readonly status: number; readonly exitcode: number } | undefined;
}

/** Modal's sandboxes. */
export interface Sandboxes extends AsyncDisposable {
  readonly handlers: Handlers;
  /** All sandboxes that were made, in their order. */
  readonly all: readonly StandInSandbox[];
  /** The docker commands of each image that was built. */
  readonly images: readonly (readonly string[])[];
}

/** What {@linkcode sandboxes} may be told. */
export interface SandboxesOptions {
  /** How the sandbox of this number behaves. */
  readonly behaviour?: (index: number) => SandboxBehaviour;
  /** Whether the models answer word problems, or repeat what they were asked. */
  readonly solves?: boolean;
}

/** Sandboxes for a stand-in of Modal. */
export function sandboxes(
  { behaviour = () => ({}), solves = false }: SandboxesOptions = {},
): Sandboxes {
  const all: State[] = [];
  const images: (readonly string[])[] = [];
  const secrets = new Map<string, Readonly<Record<string, string>>>();
  const volumes = new Set<string>();
  const sandboxOf = (id = "") =>
    found(all.find((sandbox) => sandbox.id === id), `There is no sandbox ${id}.`);

  const handlers: Handlers = {
    appGetOrCreate({ appName = "", objectCreationType }) {
      if (objectCreationType === 1) return Promise.resolve({ appId: `ap-${appName}` });
      throw new ServerError(Status.NOT_FOUND, `There is no app ${appName}.`);
    },
    environmentGetOrCreate: () =>
      Promise.resolve({
        environmentId: "en-1",
        metadata: { name: "main", settings: { imageBuilderVersion: "2025.06" } },
      }),
    imageGetOrCreate({ image, builderVersion }) {
      if (builderVersion !== "2025.06") invalid("The image has no builder version.");
      const base = image?.baseImages?.[0]?.imageId;
      if (base !== undefined) found(images[Number(base.slice(3))], `There is no image ${base}.`);
      images.push([...image?.dockerfileCommands ?? []]);
      return Promise.resolve({ imageId: `im-${images.length - 1}` });
    },
    async *imageJoinStreaming({ imageId = "" }) {
      found(images[Number(imageId.slice(3))], `There is no image ${imageId}.`);
      yield await Promise.resolve({ result: { status: SUCCESS } });
    },
    secretGetOrCreate({ objectCreationType, envDict = {} }) {
      if (objectCreationType !== EPHEMERAL) invalid("Only secrets from values are made here.");
      const secretId = `st-${secrets.size}`;
      secrets.set(secretId, envDict as Readonly<Record<string, string>>);
      return Promise.resolve({ secretId });
    },
    volumeGetOrCreate({ deploymentName = "" }) {
      volumes.add(`vo-${deploymentName}`);
      return Promise.resolve({ volumeId: `vo-${deploymentName}` });
    },
    sandboxCreate({ definition }) {
      if (definition === undefined) return invalid("The sandbox has no definition.");
      const args = checked(definition, { images, volumes });
      const variables = Object.assign(
        {},
        ...(definition.secretIds ?? []).map((id) => found(secrets.get(id), `There is no ${id}.`)),
      );
      const sandbox = makeSandbox({
        definition,
        args,
        variables,
        solves,
        behaviour: behaviour(all.length),
      });
      all.push(sandbox);
      return Promise.resolve({ sandboxId: sandbox.id });
    },
    sandboxGetTaskId({ sandboxId }) {
      const { behaviour, id, result } = sandboxOf(sandboxId);
      if (result !== undefined) return Promise.resolve({ taskResult: result });
      return Promise.resolve(behaviour.unscheduled ? {} : { taskId: `ta-${id}` });
    },
    sandboxGetTunnels({ sandboxId }) {
      const { server, result } = sandboxOf(sandboxId);
      if (result !== undefined) {
        throw new ServerError(Status.FAILED_PRECONDITION, "The sandbox has ended.");
      }
      const tunnels = [{ host: "127.0.0.1", port: server.port, containerPort: 8000 }];
      return Promise.resolve({ result: { status: SUCCESS }, tunnels });
    },
    async *sandboxGetLogs({ sandboxId, fileDescriptor }, { signal }) {
      const { behaviour, ended } = sandboxOf(sandboxId);
      const data = fileDescriptor === 2 ? behaviour.fails?.log : "INFO loading the model\n";
      if (data) yield { entryId: "1-0", items: [{ data }] };
      await Promise.race([ended, aborted(signal)]);
      yield { entryId: "2-0", items: [], eof: true };
    },
    async sandboxWait({ sandboxId, timeout = 0 }, { signal }) {
      const sandbox = sandboxOf(sandboxId);
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), timeout * 1000);
      await Promise.race([sandbox.ended, aborted(signal), aborted(late.signal)]);
      clearTimeout(timer);
      return sandbox.result === undefined ? {} : { result: sandbox.result };
    },
    sandboxTerminate({ sandboxId }) {
      const sandbox = sandboxOf(sandboxId);
      if (sandbox.behaviour.stubborn) {
        throw new ServerError(Status.FAILED_PRECONDITION, "The sandbox is stubborn.");
      }
      sandbox.end(TERMINATED, 137);
      return Promise.resolve({});
    },
  };
  return {
    handlers,
    all,
    images,
    async [Symbol.asyncDispose]() {
      for (const sandbox of all) sandbox.end(TERMINATED, 137);
      await Promise.all(all.map(({ server }) => server.finished));
    },
  };
}

/** A definition's flags of vLLM, once nothing of it is to be refused. */
function checked(
  definition: Definition,
  { images, volumes }: {
    readonly images: readonly (readonly string[])[];
    readonly volumes: ReadonlySet<string>;
  },
): ServeArgs | string {
  const { imageId = "", timeoutSecs = 0, idleTimeoutSecs, openPorts, resources } = definition;
  found(images[Number(imageId.slice(3))], `There is no image ${imageId}.`);
  if (timeoutSecs < 1 || timeoutSecs > DAY_SECS) invalid(`A timeout of ${timeoutSecs} s.`);
  if (idleTimeoutSecs === undefined || idleTimeoutSecs < 1) invalid("There is no idle timeout.");
  const gpu = resources?.gpuConfig?.gpuType ?? "";
  if (!GPUS.includes(gpu)) invalid(`There is no GPU ${gpu}.`);
  const [port] = openPorts?.ports ?? [];
  if (port?.port !== 8000 || port.unencrypted) invalid("The port 8000 has no encrypted tunnel.");
  for (const { volumeId = "" } of definition.volumeMounts ?? []) {
    if (!volumes.has(volumeId)) invalid(`There is no volume ${volumeId}.`);
  }
  const [command, ...args] = definition.entrypointArgs ?? [];
  if (command !== "vllm") invalid(`The image has no command ${command}.`);
  return parseServeArgs(args);
}

interface SandboxParts {
  readonly definition: Definition;
  readonly args: ServeArgs | string;
  readonly variables: Readonly<Record<string, string>>;
  readonly solves: boolean;
  readonly behaviour: SandboxBehaviour;
}

function makeSandbox(
  { definition, args, variables, solves, behaviour: given }: SandboxParts,
): State {
  const fails = typeof args === "string" ? { log: `${args}\n`, code: 2 } : given.fails;
  const behaviour = fails === undefined ? given : { ...given, fails };
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let result: State["result"];
  const server = startSandboxVllm({
    args: typeof args === "string" ? unread : args,
    key: variables.VLLM_API_KEY,
    loaded: fails ? new Promise(() => {}) : behaviour.loaded ?? Promise.resolve(),
    gate: behaviour.gate ?? Promise.resolve(),
    before: behaviour.before,
    solves,
  });
  const end = (status: number, exitcode: number) => {
    if (result !== undefined) return;
    result = { status, exitcode };
    server.kill();
    resolve();
  };
  if (fails) end(FAILURE, fails.code);
  return {
    id: sandboxId(),
    definition,
    variables,
    server,
    behaviour,
    ended,
    end,
    die: (code) => end(FAILURE, code),
    get result() {
      return result;
    },
    get exitCode() {
      return result?.exitcode;
    },
    get wasTerminated() {
      return result?.status === TERMINATED;
    },
  };
}

const unread: ServeArgs = {
  model: "",
  host: "",
  port: 0,
  maxModelLen: 0,
  maxNumSeqs: 1,
  servedModelNames: [],
};

/** An id of the form that the SDK knows sandboxes with GPUs by. */
function sandboxId(): string {
  return `sb-${crypto.randomUUID().replaceAll("-", "").slice(0, 22)}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function found<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new ServerError(Status.NOT_FOUND, message);
  return value;
}

function invalid(message: string): never {
  throw new ServerError(Status.INVALID_ARGUMENT, message);
}
