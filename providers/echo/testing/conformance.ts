/**
 * What the suite for providers is told of `echo`.
 *
 * @module
 */
import type { ProviderTestOptions } from "../../../src/providers/conformance/suite.ts";

const NO_ENDPOINT = "it has no endpoint";
const NO_ERRORS = "none of its calls fails";

/** `echo`, which takes its time where calls have to wait. */
export const conformance: ProviderTestOptions = {
  start: (situation) => ({
    spec: "",
    options: { delayMs: situation === "holds" ? 100 : 0 },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
  leftOut: {
    usage: "it counts no tokens",
    streaming: "its answers come whole",
    embed: "it has no embed",
    "generate-batch": "it has no generateBatch",
    connection: NO_ENDPOINT,
    "rate-limit": NO_ERRORS,
    "retry-after": NO_ERRORS,
    transient: NO_ERRORS,
    authentication: NO_ERRORS,
    "invalid-request": NO_ERRORS,
    "context-length": NO_ERRORS,
    "setup-fails": "its setup cannot fail",
    "setup-hangs": "its setup waits for nothing",
  },
};
