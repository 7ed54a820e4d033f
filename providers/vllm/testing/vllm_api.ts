/**
 * The stand-in's HTTP interface: health, models, metrics, and chat completions with a queue.
 *
 * @module
 */
import { accessSync } from "node:fs";
import { lastWords, solved } from "./answers.ts";
import { askedBy, chatCompletion } from "./chat_completion.ts";
import type { ServeArgs } from "./serve_args.ts";
import type { StandInSettings } from "./stand_in.ts";

const POLL_MS = 5;

/** Serves what `vllm serve` does. */
export function serveApi(args: ServeArgs, settings: StandInSettings): Deno.HttpServer {
  const key = Deno.env.get("VLLM_API_KEY");
  const queue = new Queue(args.maxNumSeqs, settings.answerGate);
  return Deno.serve({ hostname: args.host, port: args.port, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const response = await answer(request, pathname);
    const line = `"${request.method} ${pathname} HTTP/1.1" ${response.status}`;
    const printed = `(APIServer pid=${Deno.pid}) INFO:     127.0.0.1:1 - ${line} OK\n`;
    Deno.stdout.writeSync(new TextEncoder().encode(printed));
    return response;
  });

  async function answer(request: Request, path: string): Promise<Response> {
    if (path === "/health") return new Response();
    if (path === "/metrics") return new Response(metrics(args, settings, queue));
    if (key && request.headers.get("authorization") !== `Bearer ${key}`) {
      return Response.json({ error: "Unauthorized" }, { status: 401 });
    }
    if (path === "/v1/models") return Response.json({ object: "list", data: models(args) });
    if (path !== "/v1/chat/completions" || request.method !== "POST") {
      return Response.json({ detail: "Not Found" }, { status: 404 });
    }
    const asked = askedBy(await request.json(), args);
    if (asked instanceof Response) return asked;
    const answered = () => chatCompletion(asked, settings.solves ? solved : lastWords);
    return await queue.run(answered, request.signal);
  }
}

function models({ servedModelNames, model, maxModelLen }: ServeArgs): readonly unknown[] {
  return servedModelNames.map((id) => ({
    id,
    object: "model",
    created: 1,
    owned_by: "vllm",
    root: model,
    parent: null,
    max_model_len: maxModelLen,
  }));
}

/** Requests that run, and those that wait for one of them to end. */
class Queue {
  running = 0;
  readonly waiting: (() => void)[] = [];
  #size: number;
  #gate: string | undefined;

  constructor(size: number, gate: string | undefined) {
    this.#size = size;
    this.#gate = gate;
  }

  /** A request whose client is gone gives its place free, as in vLLM. */
  async run(answer: () => Promise<Response>, gone: AbortSignal): Promise<Response> {
    if (this.running === this.#size) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running++;
    while (this.#gate !== undefined && !exists(this.#gate) && !gone.aborted) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const next = this.waiting.shift();
    if (next) next();
    else this.running--;
    return await answer();
  }
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

function metrics(args: ServeArgs, settings: StandInSettings, queue: Queue): string {
  const { cacheMetric = "vllm:kv_cache_usage_perc" } = settings;
  const labels = `{engine="0",model_name="${args.servedModelNames[0]}"}`;
  const gauges: readonly [string, string, number][] = [
    ["vllm:num_requests_running", "Number of requests in model execution batches.", queue.running],
    [
      "vllm:num_requests_waiting",
      "Number of requests waiting to be processed.",
      queue.waiting.length,
    ],
    [cacheMetric, "KV-cache usage. 1 means 100 percent usage.", queue.running / args.maxNumSeqs],
  ];
  return gauges.map(([name, what, value]) =>
    `# HELP ${name} ${what}\n# TYPE ${name} gauge\n${name}${labels} ${value.toExponential()}\n`
  ).join("");
}
