/**
 * Loads the Modal SDK when a model of Modal's is set up, and not before.
 *
 * @module
 */

/**
 * The SDK. Computed specifiers: what a literal one names is loaded at the start of every run, npm
 * packages too. The two steps are in this order for the reason that `cbor.ts` tells.
 */
export async function loadSdk(): Promise<typeof import("./sdk.ts")> {
  const cbor: string = "./cbor.ts";
  const sdk: string = "./sdk.ts";
  await import(cbor);
  return await import(sdk);
}
