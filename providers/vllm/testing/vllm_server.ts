/**
 * The stand-in's `vllm serve`: its flags, log lines, processes, exit codes and HTTP interface.
 *
 * The engine is a real child process, as vLLM's is.
 *
 * @module
 */
import { parseServeArgs } from "./serve_args.ts";
import type { StandInSettings } from "./stand_in.ts";
import { serveApi } from "./vllm_api.ts";

const settings: StandInSettings & { readonly record: string } = JSON.parse(
  Deno.env.get("VLLM_STAND_IN") ?? "{}",
);
const args = parseServeArgs(Deno.args);
if (typeof args === "string") {
  print(args);
  Deno.exit(2);
}

Deno.addSignalListener("SIGTERM", () => {
  if (settings.stubborn === "both") return;
  log("INFO", "launcher.py:122] Shutting down FastAPI HTTP server.");
  Deno.exit(0);
});

log("INFO", "api_server.py:1839] vLLM API server version 0.11.0");
log("INFO", `utils.py:233] non-default args: ${JSON.stringify(args)}`);
bind(args.port);
const engine = new Deno.Command("sh", {
  args: [
    "-c",
    `${settings.stubborn ? "trap '' TERM INT HUP; " : ""}while :; do sleep 1; done`,
    "VLLM::EngineCore",
  ],
  stdin: "null",
  detached: settings.engineSession ?? false,
}).spawn();
await Deno.writeTextFile(
  settings.record,
  `${JSON.stringify({ server: Deno.pid, engine: engine.pid, port: args.port })}\n`,
  { append: true },
);
log("INFO", `gpu_model_runner.py:2602] Starting to load model ${args.model}...`, "EngineCore_DP0");
print("\rLoading safetensors checkpoint shards:   0% 0/1 [00:00<?, ?it/s]\r");
await opened(settings.loadGate);
if (settings.loadFailure) fail(settings.loadFailure, args.model);
log("INFO", "core.py:210] init engine (profile, create kv cache, warmup model) took 0.01 seconds");
log("INFO", `api_server.py:1912] Starting vLLM API server 0 on http://${args.host}:${args.port}`);
const api = serveApi(args, settings);
print("INFO:     Application startup complete.");
if (settings.crashGate) {
  await opened(settings.crashGate);
  log("ERROR", "core.py:710] torch.AcceleratorError: CUDA error: an illegal memory access");
  log("ERROR", "async_llm.py:480] vllm.v1.engine.exceptions.EngineDeadError: EngineCore died");
  Deno.removeSync(settings.crashGate);
  Deno.exit(1);
}
await api.finished;

/** As vLLM, before anything is loaded; it fails as Python does. */
function bind(port: number): void {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    print("Traceback (most recent call last):");
    print("    sock.bind(addr)");
    print("OSError: [Errno 98] Address already in use");
    Deno.exit(1);
  }
}

/** The engine's error comes first; a long trace of the server follows and hides it. */
function fail(how: "no-model" | "out-of-memory", model: string): never {
  const cause = how === "no-model"
    ? `OSError: ${model} is not a local folder and is not a valid model identifier listed on ` +
      "'https://huggingface.co/models'"
    : "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total " +
      "capacity of 23.56 GiB of which 56.88 MiB is free.";
  log("ERROR", `core.py:700] ${cause}`, "EngineCore_DP0");
  for (let frame = 0; frame < 60; frame++) {
    print(`(APIServer pid=${Deno.pid})   File "core_client.py", line ${frame}, in frame`);
  }
  print(
    `(APIServer pid=${Deno.pid}) RuntimeError: Engine core initialization failed. See root cause ` +
      "above. Failed core proc(s): {}",
  );
  Deno.exit(1);
}

function log(level: string, text: string, process = "APIServer"): void {
  print(`(${process} pid=${Deno.pid}) ${level} 11-25 10:00:00 [${text}`);
}

function print(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Resolves once a file exists; at once where none is named. */
async function opened(gate: string | undefined): Promise<void> {
  while (gate !== undefined && !await exists(gate)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
