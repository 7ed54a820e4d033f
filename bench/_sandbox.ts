/**
 * What a sandbox takes: the same provider in this process and in one of its own, side by side.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { TextLineStream } from "@std/streams/text-line-stream";
import { systemClock } from "../src/clock.ts";
import type { Model } from "../src/providers/model.ts";
import type { ModelHandle } from "../src/providers/provider.ts";
import { fileSource } from "../src/providers/sandbox/file_plugin.ts";
import { toGrant } from "../src/providers/sandbox/grant.ts";
import { DEFAULT_LIMITS } from "../src/providers/sandbox/limits.ts";
import { pluginProvider } from "../src/providers/sandbox/plugin_provider.ts";
import { residentMb } from "../src/providers/sandbox/resident.ts";
import { figure, median } from "./_figures.ts";
import provider from "./_bench_provider.ts";

const ROUNDS = 3;
const CALLS = 10_000;
const IN_FLIGHT = 1_000;
/** 2 KB each way. */
const PROMPT = "x".repeat(2048);
/** With so long a wait there is no queue anywhere: 1,000 in flight are 1,000 calls/s. */
const UNHURRIED_MS = 1_000;

const surroundings = {
  config: {},
  env: () => undefined,
  signal: new AbortController().signal,
  log() {},
};

/** Compares them, and prints figures. */
export async function compareSandbox(): Promise<void> {
  await compareRates("answered by the provider itself", "own");
  {
    await using server = await echoServer("lines");
    await compareRates("a local server over one connection", `tcp:${server.port}`);
  }
  {
    await using server = await echoServer("0");
    await compareRates("a local server over HTTP", `http://127.0.0.1:${server.port}/`);
  }
  await using server = await echoServer(String(UNHURRIED_MS));
  await compareLatency(`http://127.0.0.1:${server.port}/`);
}

async function compareRates(what: string, url: string): Promise<void> {
  await using both = await bothModes(url);
  const rates: Record<string, number[]> = {};
  for (let time = 0; time <= ROUNDS; time++) {
    for (const [name, { model }] of Object.entries(both.handles)) {
      const start = performance.now();
      await inFlight(model, CALLS);
      if (time > 0) (rates[name] ??= []).push(CALLS * 1000 / (performance.now() - start));
    }
  }
  for (const [name, own] of Object.entries(rates)) {
    figure(`2 KB each way, ${IN_FLIGHT} in flight, ${what}, ${name}: rate`, median(own), "calls/s");
  }
  const memory = await residentMb(both.pid());
  if (memory !== undefined) figure(`${what}: memory of the sandbox's process`, memory, "MB");
}

/** What a call takes beyond what it takes inside the sandbox. */
async function compareLatency(url: string): Promise<void> {
  await using both = await bothModes(url);
  const model = both.handles["in a sandbox"]?.model;
  if (!model) return;
  const added: number[] = [];
  for (let time = 0; time <= ROUNDS; time++) {
    const measured = await inFlight(model, 2 * IN_FLIGHT, UNHURRIED_MS);
    if (time > 0) added.push(median(measured));
  }
  figure(`2 KB each way, ${IN_FLIGHT} in flight, unhurried: latency added`, median(added), "ms");
}

/** Makes calls, 1,000 at once, the first of which start within `spreadMs`; what each took beyond what it says. */
async function inFlight(model: Model, calls: number, spreadMs = 0): Promise<readonly number[]> {
  const beyond: number[] = [];
  let left = calls;
  await Promise.all(Array.from({ length: IN_FLIGHT }, async (_, lane) => {
    await new Promise((resolve) => setTimeout(resolve, lane * spreadMs / IN_FLIGHT));
    while (left-- > 0) {
      const start = performance.now();
      const { latencyMs = 0 } = await model.generate(PROMPT);
      beyond.push(performance.now() - start - latencyMs);
    }
  }));
  return beyond;
}

interface BothModes extends AsyncDisposable {
  readonly handles: Readonly<Record<string, ModelHandle>>;
  /** The sandbox's process. */
  pid(): number;
}

async function bothModes(url: string): Promise<BothModes> {
  const env = (name: string) => Deno.env.get(name);
  const source = await fileSource(import.meta.resolve("./_bench_provider.ts"), env);
  let pid = NaN;
  const sandboxed = pluginProvider({
    name: "bench",
    grant: toGrant({ net: hostsOf(url) }),
    clock: systemClock,
    env,
    limits: DEFAULT_LIMITS,
    source: () => Promise.resolve(source),
    onStart: (started) => pid = started,
  });
  const handles = {
    "in process": await provider.setup(url, surroundings),
    "in a sandbox": await sandboxed.setup(url, surroundings),
  };
  return {
    handles,
    pid: () => pid,
    async [Symbol.asyncDispose]() {
      for (const handle of Object.values(handles)) await handle.teardown();
    },
  };
}

function hostsOf(from: string): readonly string[] {
  if (from === "own") return [];
  return [from.startsWith("tcp:") ? `127.0.0.1:${from.slice(4)}` : new URL(from).host];
}

async function echoServer(kind: string): Promise<AsyncDisposable & { readonly port: number }> {
  const file = fromFileUrl(new URL("_echo_server.ts", import.meta.url));
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", file, kind],
    stdout: "piped",
  }).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(
    new TextLineStream(),
  );
  for await (const port of lines) {
    return {
      port: Number(port),
      async [Symbol.asyncDispose]() {
        server.kill();
        await server.status;
      },
    };
  }
  throw new Error("The server ended before it began.");
}
