/**
 * Prices as `@pydantic/genai-prices` lists them. Heavy: loaded by `prices.ts` only.
 *
 * @module
 */
import { calcPrice } from "@pydantic/genai-prices";
import type { PricedAs, Usage } from "../providers/model.ts";

/**
 * The provider that was found for what calls are priced as; `undefined` where none has a price. To
 * look for it builds dozens of regular expressions, which each call would pay for.
 */
const providers = new WeakMap<PricedAs, string | undefined>();

/** US dollars for so many tokens; `undefined` where no price is known. */
export function dollarsFor(usage: Usage, as: PricedAs): number | undefined {
  const { inputTokens, outputTokens, cachedTokens = 0 } = usage;
  // Without a count there is a price, which is 0.
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const known = providers.get(as);
  if (known === undefined && providers.has(as)) return undefined;
  try {
    const price = calcPrice(
      {
        input_tokens: inputTokens,
        output_tokens: outputTokens,
        cache_read_tokens: Math.min(cachedTokens, inputTokens),
      },
      as.model,
      known !== undefined
        ? { providerId: known }
        : "provider" in as
        ? { providerId: as.provider }
        : { providerApiUrl: as.apiUrl },
    );
    providers.set(as, price?.provider.id);
    return price?.total_price;
  } catch {
    return undefined;
  }
}
