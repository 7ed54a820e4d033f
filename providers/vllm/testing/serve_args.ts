/**
 * The flags of `vllm serve` that the stand-in knows; others it refuses as the real one does.
 *
 * @module
 */

/** What `vllm serve` was told. */
export interface ServeArgs {
  readonly model: string;
  readonly host: string;
  readonly port: number;
  /** Tokens in a request and its answer. */
  readonly maxModelLen: number;
  /** Requests that are worked on at once. */
  readonly maxNumSeqs: number;
  readonly servedModelNames: readonly string[];
}

const WITH_VALUE = [
  "--host",
  "--port",
  "--max-model-len",
  "--max-num-seqs",
  "--gpu-memory-utilization",
  "--tensor-parallel-size",
  "--dtype",
  "--served-model-name",
  "--seed",
];
const SWITCHES = ["--enforce-eager", "--trust-remote-code", "--enable-prefix-caching"];

/** The arguments behind `vllm`, or argparse's complaint about them. */
export function parseServeArgs(args: readonly string[]): ServeArgs | string {
  const [subcommand, model, ...flags] = args;
  if (subcommand !== "serve" || model === undefined) {
    return `vllm: error: argument subparser: invalid choice: '${subcommand}' (choose from serve)`;
  }
  const values = new Map<string, string[]>();
  let flag = "";
  for (const arg of flags.flatMap((text) => text.startsWith("--") ? text.split("=") : [text])) {
    if (arg.startsWith("--")) {
      if (![...WITH_VALUE, ...SWITCHES].includes(arg)) {
        return `usage: vllm serve [model_tag] [options]\nvllm: error: unrecognized arguments: ${arg}`;
      }
      flag = arg;
      values.set(flag, []);
    } else if (WITH_VALUE.includes(flag)) values.get(flag)?.push(arg);
    else return `vllm: error: unrecognized arguments: ${arg}`;
  }
  const number = (name: string, otherwise: number) => Number(values.get(name)?.[0] ?? otherwise);
  return {
    model,
    host: values.get("--host")?.[0] ?? "0.0.0.0",
    port: number("--port", 8000),
    maxModelLen: number("--max-model-len", 2048),
    maxNumSeqs: number("--max-num-seqs", 256),
    servedModelNames: values.get("--served-model-name") ?? [model],
  };
}
