/**
 * Runs the real command on a pseudo-terminal, and what it writes on a terminal's emulation.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";
import xterm from "@xterm/headless";
import type { Workplace } from "./command.ts";

const CLI = fromFileUrl(new URL("../../cli.ts", import.meta.url));

/** Where the shell that runs on the terminal writes its name, and the number of its process. */
const TTY = "tty.txt";
const PID = "pid.txt";

/** A terminal's size and environment. */
export interface TerminalRunOptions {
  readonly columns: number;
  readonly rows: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a run on a terminal left. */
export interface TerminalEnd {
  readonly code: number;
  /** All lines, those that have scrolled away first. */
  readonly lines: readonly string[];
  /** As it was written. */
  readonly text: string;
  readonly modes: { readonly isCursorHidden: boolean; readonly wraps: boolean };
}

/** A command that runs on a terminal. */
export interface TerminalRun extends AsyncDisposable {
  /** Waits until the terminal shows what is asked for; gives its lines then. */
  until(isThere: (lines: readonly string[]) => boolean): Promise<readonly string[]>;
  /** Makes the terminal another size, as a window manager does. */
  resize(columns: number, rows: number): Promise<void>;
  /** Kills the command, and leaves the terminal. */
  kill(): Promise<void>;
  /** Types. */
  press(keys: string): Promise<void>;
  /** Waits for the end. */
  end(): Promise<TerminalEnd>;
}

/** Starts `dotevals` on a terminal. */
export function terminalRun(
  place: Workplace,
  args: readonly string[],
  { columns, rows, env = {} }: TerminalRunOptions,
): TerminalRun {
  const words = [Deno.execPath(), "run", "-A", CLI, ...args].map((word) => `'${word}'`).join(" ");
  const process = new Deno.Command("script", {
    args: [
      "-qefc",
      `stty cols ${columns} rows ${rows}; tty > ${TTY}; echo $$ > ${PID}; exec ${words}`,
      "/dev/null",
    ],
    cwd: place.folder,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: Deno.env.get("HOME") ?? "",
      SHELL: "/bin/sh",
      TERM: "xterm-256color",
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const keyboard = process.stdin.getWriter();
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 10_000,
    allowProposedApi: true,
  });
  const decoder = new TextDecoder();
  let text = "";
  let changed = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const bytes of process.stdout) {
      text += decoder.decode(bytes, { stream: true });
      await new Promise<void>((resolve) => terminal.write(bytes, resolve));
      changed.resolve();
      changed = Promise.withResolvers();
    }
  })();
  const lines = (): readonly string[] => {
    const { active } = terminal.buffer;
    const all = Array.from(
      { length: active.length },
      (_, at) => active.getLine(at)?.translateToString(true) ?? "",
    );
    return all.slice(0, all.findLastIndex((line) => line !== "") + 1);
  };
  let ended = false;
  return {
    async until(isThere) {
      for (;;) {
        const seen = lines();
        if (isThere(seen)) return seen;
        const next = changed.promise;
        const end = await Promise.race([next, reading.then(() => true as const)]);
        if (end === true && !isThere(lines())) {
          throw new Error(`The command ended before:\n${lines().join("\n")}`);
        }
      }
    },
    async resize(columns, rows) {
      const tty = (await Deno.readTextFile(join(place.folder, TTY))).trim();
      terminal.resize(columns, rows);
      const { success } = await new Deno.Command("stty", {
        args: ["-F", tty, "cols", String(columns), "rows", String(rows)],
      }).output();
      if (!success) throw new Error(`${tty} has no size.`);
    },
    async kill() {
      Deno.kill(Number(await Deno.readTextFile(join(place.folder, PID))), "SIGKILL");
    },
    press: (keys) => keyboard.write(new TextEncoder().encode(keys)),
    async end() {
      const { code } = await process.status;
      await reading;
      ended = true;
      const hidden = text.lastIndexOf("\x1b[?25l");
      const unwrapped = text.lastIndexOf("\x1b[?7l");
      return {
        code,
        lines: lines(),
        text,
        modes: {
          isCursorHidden: hidden > text.lastIndexOf("\x1b[?25h"),
          wraps: unwrapped <= text.lastIndexOf("\x1b[?7h"),
        },
      };
    },
    async [Symbol.asyncDispose]() {
      if (!ended) process.kill("SIGKILL");
      await process.status;
      await reading;
      await keyboard.close().catch(() => {});
    },
  };
}
