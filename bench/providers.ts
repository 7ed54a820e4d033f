/**
 * What a call through `openai:` takes, beside a bare `fetch` of the same request and the official
 * client: calls/s, CPU per call, and how late the event loop is when 1,000 answers come at once; and
 * what a sandbox around a provider takes.
 *
 *     deno run -A bench/providers.ts
 *
 * The endpoint is a process of its own; the rounds of the three take turns.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { TextLineStream } from "@std/streams/text-line-stream";
import process from "node:process";
import { OpenAI } from "openai";
import openai from "../providers/openai.ts";
import { figure, median } from "./_figures.ts";
import { compareSandbox } from "./_sandbox.ts";

const ROUNDS = 5;
const CALLS = 3_000;
const IN_FLIGHT = [100, 1_000];
const AT_ONCE = 1_000;
/** What the others are compared with. */
const BARE = "fetch";
const PROMPT = "What is the answer to everything?";

/** Calls an endpoint once; the name is that of the figures. */
type Callers = Readonly<Record<string, () => Promise<unknown>>>;

interface Endpoint extends AsyncDisposable {
  readonly baseUrl: string;
}

async function endpoint(shape: Record<string, number>): Promise<Endpoint> {
  const file = fromFileUrl(new URL("_model_endpoint.ts", import.meta.url));
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", file, JSON.stringify(shape)],
    stdout: "piped",
  }).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(
    new TextLineStream(),
  );
  for await (const port of lines) {
    return {
      baseUrl: `http://127.0.0.1:${port}/v1`,
      async [Symbol.asyncDispose]() {
        server.kill();
        await server.status;
      },
    };
  }
  throw new Error("The endpoint ended before it began.");
}

async function callers(baseUrl: string, stream: boolean): Promise<Callers> {
  const { model } = await openai.setup("m", {
    config: { baseUrl, stream },
    env: () => undefined,
    signal: new AbortController().signal,
    log() {},
  });
  const client = new OpenAI({ baseURL: baseUrl, apiKey: "none", maxRetries: 0 });
  const asked = { model: "m", messages: [{ role: "user" as const, content: PROMPT }] };
  const usage = { stream_options: { include_usage: true } };
  const request = stream ? { ...asked, stream, ...usage } : asked;
  const ask = () =>
    fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
  return {
    // Nothing is made of a stream: its text alone, without the time of its first token.
    async [BARE]() {
      const response = await ask();
      return stream ? await response.text() : await response.json();
    },
    // What a program must do that wants to know the time of the first token.
    ...stream && {
      async "fetch, piece by piece"() {
        const decoder = new TextDecoder();
        let text = "";
        for await (const piece of (await ask()).body ?? []) {
          text += decoder.decode(piece, { stream: true });
        }
        return text;
      },
    },
    "openai provider": () => model.generate(PROMPT),
    async "openai client"() {
      if (!stream) return await client.chat.completions.create(asked);
      let text = "";
      const chunks = await client.chat.completions.create({ ...asked, stream, ...usage });
      for await (const chunk of chunks) text += chunk.choices[0]?.delta.content ?? "";
      return text;
    },
  };
}

interface Round {
  readonly cpuMs: number;
  readonly perSecond: number;
}

async function round(call: () => Promise<unknown>, inFlight: number): Promise<Round> {
  let left = CALLS;
  const usage = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (left-- > 0) await call();
  }));
  const { user, system } = process.cpuUsage(usage);
  return {
    cpuMs: (user + system) / 1000 / CALLS,
    perSecond: CALLS * 1000 / (performance.now() - start),
  };
}

async function compare(what: string, shape: Record<string, number>, stream: boolean) {
  await using server = await endpoint({ delayMs: 20, burst: 0, ...shape });
  const all = await callers(server.baseUrl, stream);
  for (const inFlight of IN_FLIGHT) {
    const rounds: Record<string, Round[]> = {};
    // The first round opens the connections and warms up.
    for (let time = 0; time <= ROUNDS; time++) {
      for (const [name, call] of Object.entries(all)) {
        const measured = await round(call, inFlight);
        if (time > 0) (rounds[name] ??= []).push(measured);
      }
    }
    const bare = rounds[BARE] ?? [];
    for (const [name, own] of Object.entries(rounds)) {
      const about = `${what}, ${inFlight} in flight, ${name}`;
      figure(`${about}: rate`, median(own.map(({ perSecond }) => perSecond)), "calls/s");
      figure(`${about}: CPU`, median(own.map(({ cpuMs }) => cpuMs)), "ms/call");
      if (own === bare) continue;
      const ratios = own.map(({ cpuMs }, time) => cpuMs / (bare[time]?.cpuMs ?? NaN));
      figure(`${about}: CPU over fetch`, median(ratios), "times");
    }
  }
}

/** The longest that the event loop did not turn while 1,000 answers came at once. */
async function lateness(call: () => Promise<unknown>): Promise<number> {
  const answers = Array.from({ length: AT_ONCE }, () => call());
  let [last, worst] = [NaN, 0];
  // Begins once the requests are sent, which takes its own time.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - last > worst) worst = now - last;
    last = now;
  }, 1);
  await Promise.all(answers);
  await new Promise((resolve) => setTimeout(resolve, 10));
  clearInterval(timer);
  return worst;
}

async function compareBursts() {
  await using server = await endpoint({ delayMs: 0, pieces: 1, burst: AT_ONCE });
  const all = await callers(server.baseUrl, true);
  const late: Record<string, number[]> = {};
  for (let time = 0; time <= ROUNDS; time++) {
    for (const [name, call] of Object.entries(all)) {
      const measured = await lateness(call);
      if (time > 0) (late[name] ??= []).push(measured);
    }
  }
  for (const [name, own] of Object.entries(late)) {
    figure(`streamed, ${AT_ONCE} answers at once, ${name}: event loop late`, median(own), "ms");
  }
}

await compare("streamed in one piece", { pieces: 1 }, true);
await compare("streamed in 9 pieces", { pieces: 9 }, true);
await compare("not streamed", { pieces: 1 }, false);
await compareBursts();
await compareSandbox();
