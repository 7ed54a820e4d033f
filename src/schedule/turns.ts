/**
 * Serves several sources of work in turn, each within its own limit.
 *
 * @module
 */

/** A source of work with a limit of its own. */
export interface TurnSource<Work> {
  /** At most so many pieces of it are under way at once. */
  readonly limit: number;
  /** The next piece; `undefined` when there is none left. Never called while it is pending. */
  pull(): Work | undefined | Promise<Work | undefined>;
  /** Pulling failed: the source counts as drained. */
  fail(error: unknown): void;
  /** Called once it is drained and its last piece is done. */
  drained(): void;
}

interface Turn<Work> {
  readonly source: TurnSource<Work>;
  inFlight: number;
  pulling: boolean;
  /** Pulled for a lane that has meanwhile taken from another source. */
  ready: Work | undefined;
  empty: boolean;
}

/** A piece of work and what to call when it is done. */
export interface Taken<Work> {
  readonly work: Work;
  /** Frees its place; to be called once. */
  done(): void;
}

/** Several sources as one; none waits for another's end. */
export class Turns<Work> {
  readonly #turns: Turn<Work>[];
  #position = 0;
  #waiting: ((taken: Taken<Work> | undefined) => void)[] = [];
  #closed = false;

  /** Serves `sources` in turn. */
  constructor(sources: readonly TurnSource<Work>[]) {
    this.#turns = sources.map((source) => ({
      source,
      inFlight: 0,
      pulling: false,
      ready: undefined,
      empty: false,
    }));
  }

  /** Hands out nothing any more; pieces under way are not touched. */
  close(): void {
    this.#closed = true;
    this.#serve();
  }

  /** The next piece from the source whose turn it is; `undefined` when all are drained. */
  next(): Taken<Work> | undefined | Promise<Taken<Work> | undefined> {
    if (this.#waiting.length === 0) {
      const pulled = this.#pullNow();
      if (pulled !== "wait") return pulled;
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#serve();
    });
  }

  /** Takes from the next source that can answer at once. */
  #pullNow(): Taken<Work> | undefined | "wait" {
    if (this.#closed) return undefined;
    let left = false;
    for (let tried = 0; tried < this.#turns.length; tried++) {
      const turn = this.#turns[this.#position++ % this.#turns.length];
      if (!turn || turn.empty) continue;
      left = true;
      if (turn.pulling || turn.inFlight >= turn.source.limit) continue;
      const taken = this.#pull(turn);
      if (taken) return taken;
    }
    if (!left) return undefined;
    return this.#turns.some((turn) => !turn.empty) ? "wait" : undefined;
  }

  /** Pulls one piece; when the source answers later, the piece is kept for whoever waits then. */
  #pull(turn: Turn<Work>): Taken<Work> | undefined {
    if (turn.ready !== undefined) {
      const work = turn.ready;
      turn.ready = undefined;
      return this.#take(turn, work);
    }
    let pulled: Work | undefined | Promise<Work | undefined>;
    try {
      pulled = turn.source.pull();
    } catch (error) {
      this.#fail(turn, error);
      return undefined;
    }
    if (!(pulled instanceof Promise)) return this.#take(turn, pulled);
    turn.pulling = true;
    pulled.then((work) => {
      turn.pulling = false;
      if (work === undefined) this.#take(turn, undefined);
      else turn.ready = work;
    }, (error) => {
      turn.pulling = false;
      this.#fail(turn, error);
    }).then(() => this.#serve());
    return undefined;
  }

  #take(turn: Turn<Work>, work: Work | undefined): Taken<Work> | undefined {
    if (work === undefined) {
      turn.empty = true;
      if (turn.inFlight === 0) turn.source.drained();
      return undefined;
    }
    turn.inFlight++;
    return { work, done: () => this.#done(turn) };
  }

  #done(turn: Turn<Work>): void {
    turn.inFlight--;
    if (turn.empty && turn.inFlight === 0) turn.source.drained();
    if (this.#waiting.length > 0) this.#serve();
  }

  #fail(turn: Turn<Work>, error: unknown): void {
    turn.source.fail(error);
    turn.empty = true;
    if (turn.inFlight === 0) turn.source.drained();
  }

  /** Gives work to those who wait, as long as a source can answer at once. */
  #serve(): void {
    while (this.#waiting.length > 0) {
      const pulled = this.#pullNow();
      if (pulled === "wait") return;
      this.#waiting.shift()?.(pulled);
    }
  }
}
