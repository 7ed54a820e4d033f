/**
 * The session log: everything that happens in a session, one JSON object a line.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { DotevalsError, messageOf } from "../errors.ts";
import type { LogLevel } from "../providers/provider.ts";
import { Secrets } from "../secrets.ts";
import type { RunEvent, RunListener } from "../run/events.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import { toTagged } from "../values/tagged.ts";
import { writeAllSync } from "../write_all.ts";
import { safeJson } from "./json_text.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** How a session log is written. */
export interface SessionLogOptions {
  readonly clock: Clock;
  /**
   * Leaves out what matters less.
   *
   * @default {"info"}
   */
  readonly level?: LogLevel;
  /** Values that never reach the log; they may become more while it is written. */
  readonly secrets?: Secrets;
}

/** An open session log. */
export interface SessionLog extends Disposable {
  /** Writes an event, if its level is one to write. */
  readonly listen: RunListener;
  /** Why nothing is written any more, such as a full disk. */
  readonly failure: unknown;
}

/**
 * Opens a log file, made where it does not exist; lines are added at its end, each at once.
 *
 * @throws {DotevalsError} `log-not-opened`
 */
export function openSessionLog(path: string, options: SessionLogOptions): SessionLog {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { append: true, create: true });
  } catch (cause) {
    throw new DotevalsError(`The log "${path}" could not be opened: ${messageOf(cause)}.`, {
      code: "log-not-opened",
      hint: "Name a file in a folder that exists: --log session.jsonl.",
      cause,
    });
  }
  const bytes = new TextEncoder();
  const listen = logTo((line) => writeAllSync(file, bytes.encode(line)), options);
  let failure: unknown;
  let closed = false;
  function close(): void {
    if (!closed) file.close();
    closed = true;
  }
  return {
    listen(event) {
      if (closed) return;
      try {
        listen(event);
      } catch (error) {
        // A log that cannot be written must not end the session.
        failure = error;
        close();
      }
    },
    get failure() {
      return failure;
    },
    [Symbol.dispose]: close,
  };
}

/** A listener that writes each event as a line. */
export function logTo(write: (line: string) => void, options: SessionLogOptions): RunListener {
  const { clock, level = "info", secrets = new Secrets() } = options;
  const least = LEVELS.indexOf(level);
  return (event) => {
    const own = levelOf(event);
    if (LEVELS.indexOf(own) < least) return;
    const time = new Date(clock.now()).toISOString();
    const entry = { time, level: own, ...fieldsOf(event) };
    const json = JSON.stringify(
      entry,
      (_key, value: unknown) => typeof value === "string" ? secrets.mask(value) : value,
    );
    write(`${safeJson(json)}\n`);
  };
}

/** What a line of a commit matters: failed items are worth a warning. */
function levelOf(event: RunEvent): LogLevel {
  switch (event.type) {
    case "message":
      return event.level;
    case "commit-started":
    case "calls-sampled":
      return "debug";
    case "items-committed":
      return event.records.some((record) => record.error) ? "warn" : "debug";
    case "evaluation-finished":
      return event.end === "failed" ? "error" : "info";
    case "stopping":
      return "warn";
    default:
      return "info";
  }
}

/** The event's own fields; values that JSON lacks are in their tagged form. */
function fieldsOf(event: RunEvent): object {
  if (event.type === "message") {
    const { level: _level, ...fields } = event;
    return fields;
  }
  if (!("evaluation" in event)) return event;
  const { name, variant, label } = event.evaluation;
  const evaluation = { name, variant: toTagged(variant), label };
  return event.type === "items-committed"
    ? { ...event, evaluation, records: event.records.map(recordFields) }
    : { ...event, evaluation };
}

/** What happened to an item; its row and response are in the storage. */
function recordFields(record: ItemRecordDraft): object {
  const { key, position, repeat, attempts, startedAt, durationMs, error, scores } = record;
  return {
    key,
    position,
    repeat,
    attempts,
    startedAt: new Date(startedAt).toISOString(),
    durationMs,
    scores: Object.fromEntries(scores.map(({ name, value }) => [name, toTagged(value)])),
    error: error ?? null,
  };
}
