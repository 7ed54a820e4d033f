/**
 * The allowances of one endpoint together.
 *
 * @module
 */
import { Bucket, type BucketReading } from "./bucket.ts";

/** What calls take from an endpoint's allowances. */
export interface Cost {
  /** Tokens of the request, as estimated or counted. */
  readonly inputTokens: number;
  /** Tokens of the answer. */
  readonly outputTokens: number;
}

/** What an endpoint said of its allowances. */
export interface QuotaReading {
  readonly requests?: BucketReading;
  readonly tokens?: BucketReading;
  readonly inputTokens?: BucketReading;
  readonly outputTokens?: BucketReading;
}

type Kind = keyof QuotaReading;
const KINDS: readonly Kind[] = ["requests", "tokens", "inputTokens", "outputTokens"];

/** What was spent when a call was sent, its own cost included. */
export interface Spent {
  readonly sentAt: number;
  readonly cost: Cost;
  readonly spent: Readonly<Record<Kind, number>>;
}

/** Spreads calls out by what the endpoint says that it allows yet. */
export class Quota {
  readonly #buckets: Readonly<Record<Kind, Bucket>> = {
    requests: new Bucket(),
    tokens: new Bucket(),
    inputTokens: new Bucket(),
    outputTokens: new Bucket(),
  };

  #isKnown = false;

  /** Milliseconds until a call of that cost would not be refused; 0 where that is now. */
  wait(cost: Cost, now: number): number {
    // Most endpoints say nothing, and this is asked for every call.
    if (!this.#isKnown) return 0;
    return Math.max(...KINDS.map((kind) => this.#buckets[kind].wait(amountOf(kind, cost), now)));
  }

  /** Counts a call that is sent now. */
  spend(cost: Cost, now: number): Spent {
    const { requests, tokens, inputTokens, outputTokens } = this.#buckets;
    const spent = {
      requests: requests.spend(1),
      tokens: tokens.spend(cost.inputTokens + cost.outputTokens),
      inputTokens: inputTokens.spend(cost.inputTokens),
      outputTokens: outputTokens.spend(cost.outputTokens),
    };
    return { sentAt: now, cost, spent };
  }

  /** Takes in what the endpoint said with the answer to a call, or with its refusal. */
  read(reading: QuotaReading, { sentAt, spent }: Spent): void {
    this.#isKnown = true;
    for (const kind of KINDS) {
      const said = reading[kind];
      // A provider is others' code, and may say anything.
      if (said && said.remaining >= 0) {
        this.#buckets[kind].read(said, { sentAt, spent: spent[kind] });
      }
    }
  }
}

/** Whether there was too little left of an allowance for a call of that cost. */
export function lacks(reading: QuotaReading, cost: Cost): boolean {
  return KINDS.some((kind) => {
    const said = reading[kind];
    return said !== undefined && said.remaining < amountOf(kind, cost);
  });
}

function amountOf(kind: Kind, { inputTokens, outputTokens }: Cost): number {
  switch (kind) {
    case "requests":
      return 1;
    case "tokens":
      return inputTokens + outputTokens;
    default:
      return kind === "inputTokens" ? inputTokens : outputTokens;
  }
}
