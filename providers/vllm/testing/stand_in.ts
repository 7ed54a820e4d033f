/**
 * Makes an executable `vllm` that behaves as the real one does, without a model.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";

const SERVER = fromFileUrl(new URL("./vllm_server.ts", import.meta.url));

/** How a stand-in behaves. */
export interface StandInSettings {
  /** A file: the model is loaded once it exists. */
  readonly loadGate?: string;
  /** How loading fails: no such model, or not enough memory on the GPU. */
  readonly loadFailure?: "no-model" | "out-of-memory";
  /** A file: requests are answered once it exists. */
  readonly answerGate?: string;
  /** Whether it answers word problems; it repeats what stands behind the last colon otherwise. */
  readonly solves?: boolean;
  /** A file: the engine dies when it exists. */
  readonly crashGate?: string;
  /** The metric's name for the cache's use; vLLM before 0.9 had another. */
  readonly cacheMetric?: string;
  /** Whether the engine has a session of its own, as under Ray. */
  readonly engineSession?: boolean;
  /** Which processes ignore SIGTERM, as where they are stuck in the GPU's driver. */
  readonly stubborn?: "engine" | "both";
}

/** The processes of one start of a stand-in. */
export interface StandInProcesses {
  readonly server: number;
  readonly engine: number;
  readonly port: number;
}

/** An executable that stands in for `vllm`. */
export interface StandIn extends AsyncDisposable {
  /** A folder to put on the PATH. */
  readonly folder: string;
  /** The executable. */
  readonly command: string;
  /** What was started, in order. */
  started(): Promise<readonly StandInProcesses[]>;
  /** A path in the folder for a gate. */
  gate(name: string): string;
}

/** Makes a stand-in in a folder of its own. */
export async function standIn(
  settings: StandInSettings | ((gate: (name: string) => string) => StandInSettings) = {},
): Promise<StandIn> {
  const folder = await Deno.makeTempDir({ prefix: "vllm" });
  const gate = (name: string) => join(folder, name);
  const chosen = typeof settings === "function" ? settings(gate) : settings;
  const [command, record] = [join(folder, "vllm"), join(folder, "started.jsonl")];
  const text = JSON.stringify({ ...chosen, record }).replaceAll("'", `'\\''`);
  await Deno.writeTextFile(
    command,
    `#!/bin/sh\nVLLM_STAND_IN='${text}' exec '${Deno.execPath()}' run -A --no-check '${SERVER}' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    folder,
    command,
    gate,
    async started() {
      const lines = await Deno.readTextFile(record).catch(() => "");
      return lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Opens a gate. */
export async function open(gate: string): Promise<void> {
  await Deno.writeTextFile(gate, "");
}
