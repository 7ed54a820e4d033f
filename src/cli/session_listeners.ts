/**
 * Who hears what happens in a session of `dotevals run`: the terminal, the log, and reports that are
 * written meanwhile.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { LogLevel } from "../providers/provider.ts";
import { CONSOLE } from "../report/message_lines.ts";
import { openSessionLog, type SessionLog } from "../report/session_log.ts";
import type { RunListener } from "../run/events.ts";
import type { Secrets } from "../secrets.ts";
import type { CommandIo } from "./command.ts";
import { onEarlyExit } from "./early_exit.ts";
import { openResultStream, type ResultStream } from "./result_stream.ts";
import type { RunRequest, RunValues } from "./run_request.ts";
import { showProgress } from "./show_progress.ts";
import { onUnhandled } from "./unhandled.ts";
import { divertConsole } from "./user_console.ts";

/** What the user is told. */
export interface Told {
  readonly text: string;
  readonly hint?: string | undefined;
  /** @default {"error"} */
  readonly level?: LogLevel;
}

/** Those who hear, until they are disposed. */
export interface SessionListeners extends Disposable {
  /** All of them as one. */
  readonly listen: RunListener;
  /** The reports that are written meanwhile. */
  readonly streams: readonly ResultStream[];
  /** Tells the user something. */
  tell(told: Told): void;
  /** Ends the progress: what is written now stands below it. */
  endProgress(): void;
  /** Says on the terminal that the log is incomplete, where it is. */
  checkLog(): void;
  /** Ends the process, as the user asked for twice. */
  stopAtOnce(): never;
}

/** Opens what was asked for, and listens to what the user's code prints, throws and ends. */
export function openListeners(
  { values, reports }: RunRequest,
  { io, secrets }: { readonly io: CommandIo; readonly secrets: Secrets },
): SessionListeners {
  using opened = new DisposableStack();
  const log = opened.use(openLog(values, { io, secrets }));
  const shown = opened.use(showProgress(io, values));
  const streams = reports
    .filter(({ name }) => name === "jsonl")
    .map((report) => opened.use(openResultStream(report, io)));
  const listen = together(shown.listen, log?.listen, ...streams.map(({ listen }) => listen));
  opened.use(onUnhandled((text) => tell(listen, { text })));
  opened.use(divertConsole((printed) => listen({ type: "message", ...printed, source: CONSOLE })));
  const guard = opened.use(onEarlyExit((text) => {
    tell(listen, { text, hint: "What is recorded stays; the same command goes on with it." });
    shown.close();
  }));
  const all = opened.move();
  return {
    listen,
    streams,
    tell: (told) => tell(listen, told),
    endProgress: () => shown.close(),
    checkLog() {
      if (log?.failure === undefined) return;
      const text = `The log "${values.log}" is incomplete: ${messageOf(log.failure)}`;
      tell(shown.listen, { level: "warn", text });
    },
    stopAtOnce() {
      guard[Symbol.dispose]();
      shown.close();
      Deno.exit(130);
    },
    [Symbol.dispose]: () => all.dispose(),
  };
}

function tell(listen: RunListener, { text, hint, level = "error" }: Told): void {
  listen({ type: "message", level, text, hint, source: "dotevals" });
}

function openLog(
  values: RunValues,
  { io, secrets }: { readonly io: CommandIo; readonly secrets: Secrets },
): SessionLog | undefined {
  if (values.log === undefined) return undefined;
  const level = (values["log-level"] ?? "info") as LogLevel;
  return openSessionLog(values.log, { clock: io.clock, level, secrets });
}

function together(...listeners: readonly (RunListener | undefined)[]): RunListener {
  return (event) => {
    for (const listener of listeners) listener?.(event);
  };
}
