/**
 * Prices as `@pydantic/genai-prices` lists them. Heavy: loaded by `prices.ts` only.
 *
 * @module
 */
import { calcPrice } from "@pydantic/genai-prices";
import type { PricedAs, Usage } from "../providers/model.ts";

/** US dollars for so many tokens; `undefined` where no price is known. */
export function dollarsFor(usage: Usage, as: PricedAs): number | undefined {
  const { inputTokens, outputTokens, cachedTokens = 0 } = usage;
  // Without a count there is a price, which is 0.
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  try {
    const price = calcPrice(
      {
        input_tokens: inputTokens,
        output_tokens: outputTokens,
        cache_read_tokens: Math.min(cachedTokens, inputTokens),
      },
      as.model,
      "provider" in as ? { providerId: as.provider } : { providerApiUrl: as.apiUrl },
    );
    return price === null ? undefined : price.total_price;
  } catch {
    return undefined;
  }
}
