/**
 * Asks an endpoint from time to time how much it has to do.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { ReportedLoad } from "./strategy.ts";

/** How often it is asked, in milliseconds. */
const EVERY_MS = 1000;

/** What a watch needs. */
export interface LoadWatchOptions {
  readonly clock: Clock;
  readonly ask: (signal: AbortSignal) => Promise<ReportedLoad>;
  readonly tell: (load: ReportedLoad) => void;
}

/** Asks while there are calls; an endpoint that cannot say it is asked again later. */
export class LoadWatch {
  readonly #options: LoadWatchOptions;
  #stopTimer: (() => void) | undefined;
  #asking: AbortController | undefined;
  #calls = 0;

  /** Asks nothing yet. */
  constructor(options: LoadWatchOptions) {
    this.#options = options;
  }

  /** A call is under way. */
  callBegan(): void {
    if (this.#calls++ === 0) this.#later();
  }

  /** A call has ended; with the last of them the asking ends. */
  callEnded(): void {
    if (--this.#calls > 0) return;
    this.#stopTimer?.();
    this.#asking?.abort();
    this.#asking = undefined;
  }

  #later(): void {
    this.#stopTimer = this.#options.clock.after(EVERY_MS, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const load = await this.#options.ask(asking.signal);
      if (!asking.signal.aborted) this.#options.tell(load);
    } catch {
      // What it does not say is found out by its answers.
    }
    if (!asking.signal.aborted) this.#later();
  }
}
