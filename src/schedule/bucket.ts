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
const WINDOW_VOTES = 3;
const MOST_VOTES = 6;

/** Without another word an allowance is one per minute. */
const MINUTE = 60_000;

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
  #fillMs: number | undefined;
  #votes = 0;

  /** Takes in what the answer to a call said; one that was sent later knows more. */
  read(reading: BucketReading, time: ReadingTime): void {
    const { limit, remaining, resetMs } = reading;
    if (time.sentAt < this.#read.sentAt) return;
    this.#limit = limit ?? this.#limit;
    const used = this.#limit === undefined ? undefined : this.#limit - remaining;
    if (resetMs !== undefined) {
      const resetAt = time.sentAt + resetMs;
      if (used !== undefined && used > 0) this.#watch({ resetAt, resetMs, used });
      this.#resetAt = resetAt;
    } else {
      this.#resetAt = time.sentAt + MINUTE;
    }
    if (this.#limit !== undefined) {
      this.#rate = used !== undefined && used > 0 && resetMs !== undefined && resetMs > 0
        ? used / resetMs
        : this.#rate || this.#limit / MINUTE;
    }
    this.#level = remaining;
    this.#read = time;
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
  #watch(now: { readonly resetAt: number; readonly resetMs: number; readonly used: number }): void {
    const share = now.used / (this.#limit ?? now.used);
    const fillMs = now.resetMs / share;
    if (this.#fillMs !== undefined && this.#resetAt !== undefined) {
      const asWindow = Math.abs(now.resetAt - this.#resetAt);
      const asFlow = Math.abs(fillMs - this.#fillMs) * share;
      const isTelling = Math.abs(asWindow - asFlow) > now.resetMs / 100 &&
        Math.min(asWindow, asFlow) < now.resetMs / 4;
      if (isTelling) {
        const vote = asWindow < asFlow ? 1 : -1;
        this.#votes = Math.max(-MOST_VOTES, Math.min(MOST_VOTES, this.#votes + vote));
      }
    }
    this.#fillMs = fillMs;
  }
}
