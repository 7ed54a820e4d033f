/**
 * A vLLM server in a sandbox of the stand-in, behind its tunnel.
 *
 * @module
 */
import { lastWords, solved } from "../../vllm/testing/answers.ts";
import { askedBy, chatCompletion } from "../../vllm/testing/chat_completion.ts";
import type { ServeArgs } from "../../vllm/testing/serve_args.ts";
import { CERTIFICATE, KEY } from "./certificate.ts";

/** How a server behaves. */
export interface SandboxVllmOptions {
  readonly args: ServeArgs;
  /** What requests must carry. */
  readonly key: string | undefined;
  /** Until this resolves, the model is loaded, and the tunnel answers 502. */
  readonly loaded: Promise<void>;
  /** Until this resolves, no answer comes. */
  readonly gate: Promise<void>;
  /** Sees a call before it is answered; a response of its own goes in place of the answer. */
  readonly before?: ((request: Request) => Promise<Response | undefined>) | undefined;
  /** Whether it answers word problems, or repeats what it was asked. */
  readonly solves: boolean;
}

/** A server that runs. */
export interface SandboxVllm {
  readonly port: number;
  /** How many requests it took. */
  readonly requests: number;
  /** Breaks all connections. */
  kill(): void;
  readonly finished: Promise<void>;
}

/** Starts a server with a tunnel's certificate. */
export function startSandboxVllm(options: SandboxVllmOptions): SandboxVllm {
  const { args, key, gate, solves } = options;
  const stop = new AbortController();
  const waiting: (() => void)[] = [];
  let [running, requests, isLoaded] = [0, 0, false];
  options.loaded.then(() => isLoaded = true, () => {});

  async function inTurn(answer: () => Promise<Response>): Promise<Response> {
    if (running < args.maxNumSeqs) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const { promise: killed, reject } = Promise.withResolvers<never>();
    stop.signal.addEventListener("abort", () => reject(new Error("killed")), { once: true });
    await Promise.race([gate, killed]);
    const next = waiting.shift();
    if (next) next();
    else running--;
    return await answer();
  }

  const handler = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (!isLoaded) return new Response("no upstream", { status: 502 });
    if (pathname === "/health") return new Response();
    if (pathname === "/metrics") return new Response(metrics(running, waiting.length));
    if (key && request.headers.get("authorization") !== `Bearer ${key}`) {
      return Response.json({ error: "Unauthorized" }, { status: 401 });
    }
    if (pathname !== "/v1/chat/completions" || request.method !== "POST") {
      return Response.json({ detail: "Not Found" }, { status: 404 });
    }
    requests++;
    const other = await options.before?.(request);
    if (other !== undefined) return other;
    const asked = askedBy(await request.json(), args);
    if (asked instanceof Response) return asked;
    return await inTurn(() => chatCompletion(asked, solves ? solved : lastWords));
  };
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert: CERTIFICATE,
    key: KEY,
    signal: stop.signal,
    onListen() {},
    onError: () => new Response("no upstream", { status: 502 }),
  }, handler);
  return {
    port: server.addr.port,
    get requests() {
      return requests;
    },
    kill: () => stop.abort(),
    finished: server.finished,
  };
}

function metrics(running: number, waiting: number): string {
  const labels = '{engine="0",model_name="m"}';
  return `# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running${labels} ${running}\n` +
    `# TYPE vllm:num_requests_waiting gauge\nvllm:num_requests_waiting${labels} ${waiting}\n` +
    `vllm:kv_cache_usage_perc${labels} 0.25\n`;
}
