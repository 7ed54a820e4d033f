/**
 * The world that commands see, as it really is: the one place that asks Deno for it.
 *
 * @module
 */
import { systemClock } from "../clock.ts";
import { PROGRAM } from "../program.ts";
import { type CommandIo, OutputClosedError, type TerminalSize, type TextSink } from "./command.ts";
import { shellWord } from "./shell_word.ts";

type Output = typeof Deno.stdout | typeof Deno.stderr;

/** The process's own input, outputs and environment. */
export function systemIo(options: { readonly debug: boolean }): CommandIo {
  const env = (name: string) => Deno.env.get(name);
  const stderr = sinkOf(Deno.stderr, env);
  return {
    stdout: sinkOf(Deno.stdout, env),
    // A reader that went away or a full disk must not end a command whose results are still wanted.
    stderr: {
      write: (text) => ignoreFailure(() => stderr.write(text)),
      writeBytes: (bytes) => ignoreFailure(() => stderr.writeBytes(bytes)),
      isTerminal: stderr.isTerminal,
      color: stderr.color,
      get size() {
        return stderr.size;
      },
    },
    program: programOf(Deno.mainModule, Deno.cwd()),
    cwd: Deno.cwd(),
    env,
    confirm: Deno.stdin.isTerminal() && stderr.isTerminal
      ? (question) => {
        stderr.write(`${question} [y/N] `);
        return /^y(es)?$/i.test(readLine().trim());
      }
      : undefined,
    debug: options.debug,
    clock: systemClock,
  };
}

/** What `jsr:@dotevals/cli` is in a checkout, whose workspace it resolves to. */
const WORKSPACE_CLI = new URL("../../packages/cli/mod.ts", import.meta.url).href;

/** What to write in a shell to start the command as it was: from JSR, or from a file. */
export function programOf(mainModule: string, cwd: string): string {
  if (!mainModule.startsWith("file:") || mainModule === WORKSPACE_CLI) {
    return PROGRAM;
  }
  const path = decodeURIComponent(new URL(mainModule).pathname);
  const near = path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
  return `deno run -A ${shellWord(near)}`;
}

/** Whether colours are wanted: https://no-color.org. */
export function wantsColor(
  isTerminal: boolean,
  env: (name: string) => string | undefined,
): boolean {
  return isTerminal && !env("NO_COLOR") && env("TERM") !== "dumb";
}

function sinkOf(output: Output, env: (name: string) => string | undefined): TextSink {
  const isTerminal = output.isTerminal();
  const encoder = new TextEncoder();
  function writeBytes(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length;) {
        written += output.writeSync(bytes.subarray(written));
      }
    } catch (error) {
      throw error instanceof Deno.errors.BrokenPipe ? new OutputClosedError() : error;
    }
  }
  return {
    write: (text) => writeBytes(encoder.encode(text)),
    writeBytes,
    isTerminal,
    get size() {
      return isTerminal ? terminalSize() : undefined;
    },
    color: wantsColor(isTerminal, env),
  };
}

/** A terminal may not know its size; then 80 by 24, as ever. */
function terminalSize(): TerminalSize {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}

function readLine(): string {
  const buffer = new Uint8Array(1024);
  const read = Deno.stdin.readSync(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, read));
}

function ignoreFailure(write: () => void): void {
  try {
    write();
  } catch {
    // There is no other place to say it.
  }
}
