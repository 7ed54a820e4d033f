/**
 * Which of the providers' lines are shown: a model may load for minutes.
 *
 * @module
 */
import type { RunEvent } from "../run/events.ts";

/** Follows a session: what a provider says of a model is of interest until its first item is there. */
export class SetupLines {
  readonly #waiting = new Set<string>();
  readonly #answered = new Set<string>();

  /** Takes in an event; says whether it is such a line. */
  accept(event: RunEvent): boolean {
    if (event.type === "message" && event.model !== undefined) {
      if (this.#answered.has(event.model)) return false;
      this.#waiting.add(event.model);
      return event.level === "info";
    }
    if (event.type === "items-committed" && this.#waiting.size > 0) {
      for (const { calls } of event.records) {
        for (const { model } of calls) {
          if (this.#waiting.delete(model)) this.#answered.add(model);
        }
      }
    }
    return false;
  }
}
