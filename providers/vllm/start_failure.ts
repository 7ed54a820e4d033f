/**
 * Why a server did not start, and what to do about it.
 *
 * @module
 */
import { DotevalsError } from "../../src/errors.ts";
import type { LogTail } from "./log_tail.ts";

/** How many lines of the log an error shows. */
const SHOWN = 20;

const WHOLE_LOG = "All of it is in the session log: --log FILE --log-level debug.";

const OUT_OF_MEMORY =
  /OutOfMemoryError|CUDA out of memory|No available memory for the cache blocks|KV cache is needed|Free memory on device .* is less than desired/i;
const PORT_TAKEN = /address already in use|EADDRINUSE/i;

/** What happened to a server that is not ready. */
export interface StartFailure {
  readonly command: string;
  readonly model: string;
  /** What happened: `ended with exit code 1 before it was ready`. */
  readonly what: string;
  readonly status: Deno.CommandStatus | undefined;
  readonly tail: LogTail;
}

/** Whether a server's log says that somebody else listens on its port. */
export function isPortTaken(log: string): boolean {
  return PORT_TAKEN.test(log);
}

/** The error for a server that did not start, with the end of its log. */
export function startFailure(failure: StartFailure): DotevalsError {
  const { command, model, what, tail } = failure;
  const shown = tail.excerpt(SHOWN).map((line) => `  ${line}`);
  const log = shown.length === 0 ? "" : `; the end of its log:\n${shown.join("\n")}\n${WHOLE_LOG}`;
  return new DotevalsError(`${command} serve ${model} ${what}${log}`, {
    code: "vllm-not-started",
    hint: hintOf(failure),
    exitCode: 3,
  });
}

function hintOf({ command, status, tail: { text: log } }: StartFailure): string | undefined {
  switch (true) {
    case status?.code === 127 && log === "":
      return `There is no ${command} on this machine's PATH: install it (pip install vllm), ` +
        "or give its path with the option command.";
    case OUT_OF_MEMORY.test(log):
      return "The model does not fit into the GPU's free memory. Give vllm another share of it " +
        '(args: "--gpu-memory-utilization 0.95", less where others use the GPU too), a shorter ' +
        'context ("--max-model-len 4096"), more GPUs ("--tensor-parallel-size 2"), or take a ' +
        "smaller model.";
    case /unrecognized arguments|invalid choice|expected one argument/.test(log):
      return "vllm's flags are given with the option args.";
    case status === undefined:
      return "Give it more time with the option startTimeoutMs (milliseconds).";
    default:
      return undefined;
  }
}

/** How a process ended, in words. */
export function endOf({ code, signal }: Deno.CommandStatus): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
