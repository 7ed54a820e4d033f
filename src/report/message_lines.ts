/**
 * The lines for what happens in a session as a whole.
 *
 * @module
 */
import type { RunEvent } from "../run/events.ts";
import { counted } from "./numbers.ts";
import { plain, plainLines } from "./plain_text.ts";
import type { Style } from "./style.ts";

/** The source of messages that the user's code printed. */
export const CONSOLE = "console";

const SHOWN_ALWAYS: readonly string[] = ["warn", "error"];

/** Options of {@linkcode messageLines}. */
export interface MessageLinesOptions {
  readonly style: Style;
  /** Leaves out all but warnings and errors. */
  readonly quiet?: boolean | undefined;
  /** Whether this is a provider's line about a model that has answered nothing yet. */
  readonly ofSetup?: boolean | undefined;
}

/** The lines to show for an event; none for what progress shows otherwise, or not at all. */
export function messageLines(
  event: RunEvent,
  { style, quiet = false, ofSetup = false }: MessageLinesOptions,
): readonly string[] {
  switch (event.type) {
    case "session-started": {
      if (quiet) return [];
      const resumed = event.resumed ? ", resumed" : "";
      const shard = event.shard === undefined ? "" : `, shard ${plain(event.shard)}`;
      const where = style.dim(`in ${plain(event.storage)}`);
      return [`Experiment ${style.bold(plain(event.experiment))}${shard}${resumed} ${where}`];
    }
    case "message": {
      // What the user's code prints is shown as it is, whatever else is left out.
      if (event.source === CONSOLE) return plainLines(event.text);
      const own = event.source === "dotevals";
      const isTold = ofSetup || own && event.level !== "debug";
      if (!SHOWN_ALWAYS.includes(event.level) && (quiet || !isTold)) return [];
      const [first = "", ...rest] = plainLines(event.text);
      if (ofSetup) return [`${plain(event.source)}: ${first}`, ...rest.map((line) => `  ${line}`)];
      const source = own ? "" : ` (${plain(event.source)})`;
      return [
        `${tagOf(event.level, source, style)}${first}`,
        ...rest.map((line) => `  ${line}`),
        ...event.hint === undefined ? [] : plainLines(event.hint).map((line) => `  ${line}`),
      ];
    }
    case "evaluation-finished": {
      if (event.reason === undefined) return [];
      const [first = "", ...rest] = plainLines(event.reason);
      const label = plain(event.evaluation.label);
      return [`${style.red("error: ")}${label}: ${first}`, ...rest.map((line) => `  ${line}`)];
    }
    case "stopping":
      return [
        `Stopping: ${counted(event.inFlight, "item")} in flight, up to ` +
        `${Math.ceil(event.graceMs / 1000)} s to end. Ctrl-C again stops at once.`,
      ];
    default:
      return [];
  }
}

function tagOf(level: string, source: string, style: Style): string {
  if (level === "error") return style.red(`error${source}: `);
  return level === "warn" ? style.yellow(`warning${source}: `) : "";
}
