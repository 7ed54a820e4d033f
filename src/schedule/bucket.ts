/**
 * A forecast of one allowance of an endpoint: how much of it is left now.
 *
 * @module
 */

/** What an endpoint said of the allowance. */
export interface BucketReading {
  /** How much it allows when nothing is used. */
  readonly limit?: number;
  /** How much was left. */
  readonly remaining: number;
  /** Milliseconds until all of it was to be there again. */
  readonly resetMs?: number;
}

/** When a reading was made: by a call that was sent at `sentAt`, after so much was spent in all. */
export interface ReadingTime {
  readonly sentAt: number;
  readonly spent: number;
}

/** A part of the limit that is kept back, since others' calls and wrong estimates take from it. */
const KEPT = 0.02;

/** Readings that must speak for a window, more than against it, until it is taken for one. */
const WINDOW_VOTES = 2;
const MOST_VOTES = 6;

/** Readings are compared that are apart by so much of the time until the reset. */
const APART = 0.1;

/** Without another word an allowance is one per minute. */
const MINUTE = 60_000;
const SECOND = 1000;

/**
 * The allowance that calls are sent by: what the last call read, less what was sent since, and
 * more by what has flowed back.
 *
 * It may flow back all the time (OpenAI, Anthropic), or all at once at the end of a window (many
 * gateways). Which of them it is shows in how the reset's moment moves from reading to reading.
 */
export class Bucket {
  /** How much was spent in all. */
  spent = 0;

  #limit: number | undefined;
  #level = Infinity;
  /** The moment that `#level` is of, and what was spent until then. */
  #read: ReadingTime = { sentAt: -Infinity, spent: 0 };
  #resetAt: number | undefined;
  /** What flows back, per millisecond. */
  #rate = 0;
  /** How much was used when that was learned. */
  #rateUsed = 0;
  /** An earlier reading that later ones are compared with. */
  #earlier:
    | { readonly sentAt: number; readonly resetAt: number; readonly fillMs: number }
    | undefined;
  #votes = 0;

  /** Counts what is taken now; gives what was spent in all. */
  spend(amount: number): number {
    this.spent += amount;
    return this.spent;
  }

  /** Takes in what the answer to a call said; one that was sent later knows more. */
  read(reading: BucketReading, time: ReadingTime): void {
    const { limit, remaining, resetMs } = reading;
    if (time.sentAt < this.#read.sentAt) return;
    if (limit !== undefined && limit !== this.#limit) this.#rateUsed = 0;
    this.#limit = limit ?? this.#limit;
    const used = this.#limit === undefined ? undefined : this.#limit - remaining;
    if (resetMs !== undefined) {
      const resetAt = time.sentAt + resetMs;
      if (used !== undefined && used > 0) this.#watch({ sentAt: time.sentAt, resetMs, used });
      this.#resetAt = resetAt;
    } else {
      this.#resetAt = time.sentAt + MINUTE;
    }
    this.#learnRate(used, resetMs);
    this.#level = remaining;
    this.#read = time;
  }

  /** What is left is told without its fraction, so of little that is used nothing is learned. */
  #learnRate(used: number | undefined, resetMs: number | undefined): void {
    if (this.#limit === undefined) return;
    if (used && resetMs && used >= this.#rateUsed / 2) {
      this.#rateUsed = used;
      this.#rate = Math.max(used - 1, used / 2) / resetMs;
    } else if (used && resetMs === 0 && this.#rateUsed === 0) {
      // Some tell the reset in whole seconds, rounded down.
      this.#rate = this.#limit / SECOND;
    } else if (this.#rate === 0) this.#rate = this.#limit / MINUTE;
  }

  /** Milliseconds until `cost` is there; 0 where it is now. */
  wait(cost: number, now: number): number {
    if (this.#level === Infinity) return 0;
    const kept = (this.#limit ?? 0) * KEPT;
    // What is more than the whole is sent when all is there.
    const needed = Math.min(cost + kept, this.#limit ?? Infinity);
    const missing = needed - this.#levelAt(now);
    if (missing <= 0) return 0;
    if (this.#isWindow || this.#rate <= 0) return Math.max(1, (this.#resetAt ?? now) - now);
    return Math.max(1, missing / this.#rate);
  }

  get #isWindow(): boolean {
    return this.#limit === undefined || this.#votes >= WINDOW_VOTES;
  }

  #levelAt(now: number): number {
    const since = this.spent - this.#read.spent;
    const { sentAt } = this.#read;
    if (!this.#isWindow) {
      const flowed = this.#level + this.#rate * (now - sentAt);
      return Math.min(this.#limit ?? Infinity, flowed) - since;
    }
    if (this.#resetAt === undefined || now < this.#resetAt) return this.#level - since;
    // A new window: nothing is known of it but the limit, until it is read.
    this.#level = this.#limit ?? Infinity;
    this.#read = { sentAt: this.#resetAt, spent: this.spent };
    this.#resetAt = this.#limit === undefined ? undefined : this.#resetAt + MINUTE;
    return this.#level;
  }

  /** Whether the moment of the reset stands still, or the time that filling the whole takes. */
  #watch({ sentAt, resetMs, used }: Watched): void {
    const share = used / (this.#limit ?? used);
    const now = { sentAt, resetAt: sentAt + resetMs, fillMs: resetMs / share };
    const earlier = this.#earlier;
    // Close readings differ by rounding more than by what they are.
    if (earlier && sentAt - earlier.sentAt < APART * resetMs) return;
    this.#earlier = now;
    if (!earlier) return;
    const asWindow = Math.abs(now.resetAt - earlier.resetAt);
    const asFlow = Math.abs(now.fillMs - earlier.fillMs) * share;
    // A new window fits neither.
    if (Math.min(asWindow, asFlow) > resetMs / 4) return;
    const vote = asWindow < asFlow ? 1 : -1;
    this.#votes = Math.max(-MOST_VOTES, Math.min(MOST_VOTES, this.#votes + vote));
  }
}

/** A reading, as far as it shows how the allowance comes back. */
interface Watched {
  readonly sentAt: number;
  readonly resetMs: number;
  readonly used: number;
}
