/**
 * The program of a sandbox's process. It reaches the child as text, so its functions use nothing
 * but each other, those of `wire.ts`, and what every Deno has.
 *
 * @module
 */
import { parseLine, toWire, type WireError } from "./wire.ts";

/** A provider's module and model, as far as the child knows them yet. */
interface Booted {
  // deno-lint-ignore no-explicit-any -- whatever a stranger's module exports
  provider?: any;
  // deno-lint-ignore no-explicit-any -- whatever its setup returns
  handle?: any;
  settingUp?: Promise<unknown>;
  readonly calls: Map<number, AbortController>;
  readonly say: (reply: object) => void;
}

/** Serves the control plane until its input ends. */
export async function boot(): Promise<void> {
  const { stdin, stdout, exit } = Deno;
  const booted: Booted = { calls: new Map(), say: sayer(stdout) };
  keepOutputClean(booted.say);
  Deno.addSignalListener("SIGINT", () => {});
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(256 * 1024);
  let pieces: string[] = [];
  for (let read = await stdin.read(chunk); read !== null; read = await stdin.read(chunk)) {
    const [first = "", ...others] = decoder.decode(chunk.subarray(0, read), { stream: true })
      .split("\n");
    pieces.push(first);
    for (const next of others) {
      void answer(booted, parseLine(pieces.join("")));
      pieces = [next];
    }
  }
  // The control plane is gone: end what was set up, if that can be done quickly.
  setTimeout(() => exit(0), 2000);
  for (const call of booted.calls.values()) call.abort();
  try {
    await endHandle(booted);
  } finally {
    exit(0);
  }
}

/** Writes what is said in one turn at once, and never two writes at a time. */
function sayer(stdout: { write(bytes: Uint8Array): Promise<number> }): (reply: object) => void {
  const encoder = new TextEncoder();
  let waiting: string[] = [];
  let writing = false;
  async function flush() {
    await undefined;
    while (waiting.length > 0) {
      const bytes = encoder.encode(waiting.join(""));
      waiting = [];
      for (let at = 0; at < bytes.length;) at += await stdout.write(bytes.subarray(at));
    }
    writing = false;
  }
  return (reply) => {
    waiting.push(`${JSON.stringify(reply)}\n`);
    if (writing) return;
    writing = true;
    void flush();
  };
}

/** Packages from npm ask what machine they are on while they load; a refusal would end them. */
async function hideMachine(): Promise<void> {
  const { default: os } = await import("node:os");
  Object.assign(os, {
    hostname: () => "localhost",
    release: () => "",
    version: () => "",
    homedir: () => "/",
    cpus: () => [],
    networkInterfaces: () => ({}),
    userInfo: () => ({ username: "", uid: -1, gid: -1, shell: null, homedir: "/" }),
  });
  (await import("node:module")).syncBuiltinESMExports();
}

/** What a plugin prints goes to its log, not among the answers. */
function keepOutputClean(say: (reply: object) => void): void {
  const { stderr } = Deno;
  Object.defineProperty(Deno, "stdout", { value: stderr });
  const print = console.error.bind(console);
  Object.assign(console, { log: print, info: print, debug: print, dir: print, group: print });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    say({ log: "error", text: `A promise was rejected and nobody waited for it: ${event.reason}` });
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    say({ log: "error", text: `Uncaught: ${event.message}` });
  });
}

// deno-lint-ignore no-explicit-any -- what the control plane sent, by the protocol
async function answer(booted: Booted, request: any): Promise<void> {
  if (request.cancel !== undefined) return booted.calls.get(request.cancel)?.abort();
  const { id } = request;
  const call = new AbortController();
  booted.calls.set(id, call);
  // Who cancelled waits no longer, whether the plugin listens to its signal or not.
  const cancelled = new Promise<never>((_, reject) => {
    call.signal.addEventListener("abort", () => reject(call.signal.reason));
  });
  let reply: object;
  try {
    const ok = await Promise.race([perform(booted, request, call.signal), cancelled]);
    reply = { id, ok: toWire(ok) ?? null };
    booted.say(reply);
  } catch (error) {
    booted.say({ id, error: describe(error) });
  } finally {
    booted.calls.delete(id);
  }
}

// deno-lint-ignore no-explicit-any -- what the control plane sent, by the protocol
async function perform(booted: Booted, request: any, signal: AbortSignal): Promise<unknown> {
  const input = request.with;
  const { model } = booted.handle ?? {};
  switch (request.do) {
    case "ping":
      return true;
    case "import":
      return await importProvider(booted, input);
    case "setup":
      return await setUp(booted, input, signal);
    case "generate": {
      const began = performance.now();
      const response = await model.generate(input, { signal });
      if (typeof response !== "object" || response === null) return response;
      return { latencyMs: performance.now() - began, ...response };
    }
    case "embed":
      // deno-lint-ignore no-explicit-any -- lists of numbers, or typed arrays
      return (await model.embed(input, { signal })).map((vector: any) => Array.from(vector));
    case "generateBatch":
      return await model.generateBatch(input, { signal });
    case "load":
      return await booted.handle.load({ signal });
    case "teardown":
      return await endHandle(booted);
    default:
      throw new TypeError(`Nothing can be asked by the name "${request.do}".`);
  }
}

async function importProvider(
  booted: Booted,
  { url, hasNpm }: { readonly url: string; readonly hasNpm: boolean },
): Promise<unknown> {
  if (hasNpm) await hideMachine();
  const provider = (await import(url)).default;
  booted.provider = provider;
  if (typeof provider !== "object" || provider === null) return { kind: typeof provider };
  const { name, permissions, config } = provider;
  return {
    kind: "object",
    protocol: provider[Symbol.for("dotevals.provider")],
    name,
    permissions,
    takesOptions: config !== undefined,
  };
}

async function setUp(
  booted: Booted,
  // deno-lint-ignore no-explicit-any -- what the control plane sent, by the protocol
  { spec, options, env }: any,
  signal: AbortSignal,
): Promise<unknown> {
  const { provider } = booted;
  const config = await checked(provider.config, options);
  const setup = Promise.resolve(provider.setup(spec, {
    config,
    env: (name: string) => env.includes(name) ? Deno.env.get(name) : undefined,
    signal,
    log: (level: string, text: unknown) => booted.say({ log: String(level), text: String(text) }),
  }));
  // Whoever gives a setup up leaves it the time to take back what it began.
  booted.settingUp = setup.then((handle) => booted.handle = handle, () => {});
  const handle = await setup;
  const { model } = handle;
  return {
    resourceId: handle.resourceId,
    pricedAs: handle.pricedAs,
    limitedAs: handle.limitedAs,
    generate: typeof model?.generate,
    embed: typeof model?.embed,
    generateBatch: typeof model?.generateBatch,
    load: typeof handle.load,
    teardown: typeof (handle.teardown ?? handle[Symbol.asyncDispose]),
  };
}

// deno-lint-ignore no-explicit-any -- a Standard Schema, or whatever stands in its place
async function checked(schema: any, options: object): Promise<unknown> {
  if (schema === undefined) {
    const [first] = Object.keys(options);
    if (first === undefined) return {};
    throw { issues: [{ message: "the provider takes no options", path: [first] }] };
  }
  const result = await schema["~standard"].validate(options);
  if (result.issues) throw { issues: result.issues };
  return result.value;
}

async function endHandle(booted: Booted): Promise<void> {
  await booted.settingUp;
  const { handle } = booted;
  booted.handle = undefined;
  if (handle) await (handle.teardown ?? handle[Symbol.asyncDispose])?.call(handle);
}

/** An error, as plain data; never throws, whatever was thrown. */
function describe(thrown: unknown): WireError {
  try {
    // deno-lint-ignore no-explicit-any -- anything can be thrown
    const error: any = typeof thrown === "object" && thrown !== null ? thrown : {};
    const issues = Array.isArray(error.issues)
      // deno-lint-ignore no-explicit-any -- a schema's issue
      ? error.issues.map(({ message, path }: any) => ({
        message: String(message),
        // deno-lint-ignore no-explicit-any -- a key, or an object that holds one
        ...path && { path: path.map((part: any) => String(part?.key ?? part)) },
      }))
      : undefined;
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
    return {
      name: String(error.name ?? "Error"),
      message: String(error.message ?? (issues ? "wrong options" : thrown)) + cause,
      ...["rate-limit", "transient", "authentication", "invalid-request", "context-length"]
        .includes(error.code) && { code: error.code },
      ...typeof error.retryable === "boolean" && { retryable: error.retryable },
      ...typeof error.status === "number" && { status: error.status },
      ...typeof error.retryAfterMs === "number" && { retryAfterMs: error.retryAfterMs },
      ...typeof error.limits === "object" && error.limits && { limits: error.limits },
      ...typeof error.hint === "string" && { hint: error.hint },
      ...issues && { issues },
    };
  } catch {
    return { name: "Error", message: "a value that cannot be shown was thrown" };
  }
}

/** All of the above, in the order in which the child reads them. */
export const BOOT_FUNCTIONS: readonly ((...args: never[]) => unknown)[] = [
  boot,
  sayer,
  keepOutputClean,
  hideMachine,
  answer,
  perform,
  importProvider,
  setUp,
  checked,
  endHandle,
  describe,
];
