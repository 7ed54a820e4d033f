/**
 * The log of a sandbox while its model is loaded.
 *
 * @module
 */
import type { Sandbox } from "modal";
import { LogTail, readLines } from "../vllm/log_tail.ts";

/** A log that is being read. */
export interface SandboxLog extends AsyncDisposable {
  readonly tail: LogTail;
  /** Resolves when all of it was read. */
  readonly whole: Promise<unknown>;
}

/** Reads what a sandbox prints, until it is disposed of. */
export function followLog(sandbox: Sandbox, onLine: (line: string) => void): SandboxLog {
  const tail = new LogTail();
  const stop = new AbortController();
  const read = [sandbox.stdout, sandbox.stderr].map(async (stream) => {
    const bytes = new TextEncoderStream();
    const piped = stream.pipeTo(bytes.writable, { signal: stop.signal }).catch(() => {});
    // A log that cannot be read, or no longer, is no reason to fail.
    await readLines(bytes.readable, (line) => {
      tail.add(line);
      onLine(line);
    }).catch(() => {});
    await piped;
  });
  const whole = Promise.all(read);
  return {
    tail,
    whole,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await whole;
    },
  };
}
