/**
 * What calls cost, by a price list that is loaded when it is first asked.
 *
 * @module
 */
import type { ModelResponse, PricedAs, Usage } from "../providers/model.ts";

/** US dollars for so many tokens; `undefined` where no price is known. */
export type PriceList = (usage: Usage, as: PricedAs) => number | undefined;

/** Not a literal: that would load the list at the start of every command. */
const LIST = "./genai_prices.ts";

/** Options of {@linkcode Prices}. */
export interface PricesOptions {
  /** Told once why there are no prices. */
  readonly onMissing: (cause: unknown) => void;
  /**
   * Loads the price list.
   *
   * @default {the list of `@pydantic/genai-prices`}
   */
  readonly load?: () => Promise<PriceList>;
}

/** The prices of a session. */
export class Prices {
  readonly #options: PricesOptions;
  #list: Promise<PriceList> | undefined;

  /** Loads nothing yet. */
  constructor(options: PricesOptions) {
    this.#options = options;
  }

  /** Has the list loaded, so that no call waits for it. */
  prepare(): Promise<PriceList> {
    return this.#list ??= this.#load();
  }

  /** US dollars for all answers of a call; `undefined` where the cost of one is not known. */
  async cost(answers: readonly ModelResponse[], as: PricedAs): Promise<number | undefined> {
    const list = await this.prepare();
    const costs = answers.map(({ usage }) => usage && list(usage, as));
    // Counts may be anything, and then so is their price.
    const known = costs.filter((cost) => cost !== undefined && Number.isFinite(cost) && cost >= 0);
    if (known.length === 0 || known.length < costs.length) return undefined;
    return known.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  }

  async #load(): Promise<PriceList> {
    const { load = loadList, onMissing } = this.#options;
    try {
      return await load();
    } catch (cause) {
      // A machine that cannot reach npm evaluates nevertheless.
      onMissing(cause);
      return () => undefined;
    }
  }
}

async function loadList(): Promise<PriceList> {
  const { dollarsFor } = await import(LIST);
  return dollarsFor;
}
