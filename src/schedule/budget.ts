/**
 * What calls may take together.
 *
 * @module
 */

/** What calls take. */
export interface Amounts {
  /** US dollars. */
  readonly cost: number;
  /** Tokens of requests and answers. */
  readonly tokens: number;
}

/** The most that may be taken; what is not named has no limit. */
export type Caps = { readonly [Kind in keyof Amounts]?: number | undefined };

const KINDS: readonly (keyof Amounts)[] = ["cost", "tokens"];

/** While so many times what is under way would still fit, calls go on side by side. */
const MARGIN = 2;

/** A call that wants its part. */
export interface Claim {
  /** What it will take, by what is known now. */
  readonly estimate: () => Amounts;
  /**
   * What of that is no mere guess, where the rest is one: the call then waits for others, whose
   * ends teach, and goes if this much is left. `undefined` where there is nothing to guess.
   */
  readonly sure: () => Amounts | undefined;
  /** Whether it is made inside another call, which holds a part and waits for this one. */
  readonly isInside?: boolean;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** The part that one call has. */
export interface Reservation {
  /** Says what the call took; to be called once. */
  settle(taken: Amounts): void;
}

/** The budget has nothing left for a call. */
export class BudgetSpentError extends Error {
  /** Says what is spent. */
  constructor(kind: keyof Amounts) {
    super(`The budget of ${kind} is spent.`);
    this.name = "BudgetSpentError";
  }
}

interface Waiting extends Claim {
  readonly admit: (reservation: Reservation) => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Hands out parts of a budget before calls are made.
 *
 * Near its end calls go one by one, so that what is taken passes a cap by no more than one call's
 * error of estimation.
 */
export class Budget {
  #caps: Caps;
  #onSpent: (kind: keyof Amounts, next: Amounts) => void;
  readonly #taken: Record<keyof Amounts, number> = { cost: 0, tokens: 0 };
  readonly #reserved: Record<keyof Amounts, number> = { cost: 0, tokens: 0 };
  #underWay = 0;
  #queue: Waiting[] = [];
  #spent: keyof Amounts | undefined;

  /**
   * A budget of which nothing is taken; `onSpent` is told once that there is too little left for
   * the next call, and what that would take.
   */
  constructor(caps: Caps, onSpent: (kind: keyof Amounts, next: Amounts) => void) {
    this.#caps = caps;
    this.#onSpent = onSpent;
  }

  /** What was taken so far. */
  get taken(): Amounts {
    return { ...this.#taken };
  }

  /**
   * Reserves a call's part; waits while calls under way may leave enough for it.
   *
   * @throws {BudgetSpentError} if there is nothing left
   * @throws the signal's reason once it aborts
   */
  reserve(claim: Claim): Reservation | Promise<Reservation> {
    if (claim.isInside) return this.#reservation(claim);
    if (this.#spent) return Promise.reject(new BudgetSpentError(this.#spent));
    if (this.#queue.length === 0 && this.#fits(claim)) return this.#reservation(claim);
    return new Promise((resolve, reject) => {
      const { signal } = claim;
      const leave = () => {
        this.#queue = this.#queue.filter((other) => other !== waiting);
        reject(signal.reason);
        this.#serve();
      };
      const waiting: Waiting = {
        ...claim,
        admit: (reservation) => {
          signal.removeEventListener("abort", leave);
          resolve(reservation);
        },
        refuse: (reason) => {
          signal.removeEventListener("abort", leave);
          reject(reason);
        },
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#queue.push(waiting);
      this.#serve();
    });
  }

  #fits(claim: Claim): boolean {
    const estimate = claim.estimate();
    if (this.#underWay === 0) return this.#lacking(claim) === undefined;
    if (claim.sure() !== undefined) return false;
    return KINDS.every((kind) => {
      const open = this.#reserved[kind] + estimate[kind];
      return this.#taken[kind] + MARGIN * open <= (this.#caps[kind] ?? Infinity);
    });
  }

  /** What there is not enough left of. */
  #lacking(claim: Claim): keyof Amounts | undefined {
    const sure = claim.sure();
    const needed = sure ?? claim.estimate();
    return KINDS.find((kind) => {
      const left = (this.#caps[kind] ?? Infinity) - this.#taken[kind];
      return needed[kind] > left || (sure !== undefined && left <= 0);
    });
  }

  #serve(): void {
    for (;;) {
      const [next] = this.#queue;
      if (!next) return;
      if (this.#fits(next)) {
        this.#queue.shift();
        next.admit(this.#reservation(next));
      } else if (this.#underWay > 0) return;
      else return this.#end(this.#lacking(next) ?? "cost", next.sure() ?? next.estimate());
    }
  }

  #end(kind: keyof Amounts, next: Amounts): void {
    this.#spent = kind;
    this.#onSpent(kind, next);
    for (const waiting of this.#queue.splice(0)) waiting.refuse(new BudgetSpentError(kind));
  }

  #reservation(claim: Claim): Reservation {
    const estimate = claim.estimate();
    this.#underWay++;
    for (const kind of KINDS) this.#reserved[kind] += estimate[kind];
    let isOpen = true;
    return {
      settle: (taken) => {
        if (!isOpen) return;
        isOpen = false;
        this.#underWay--;
        for (const kind of KINDS) {
          this.#reserved[kind] -= estimate[kind];
          this.#taken[kind] += taken[kind];
        }
        this.#serve();
      },
    };
  }
}
