/**
 * What the suite for providers is told of `example`.
 *
 * @module
 */
import type { ProviderTestOptions } from "../../../src/providers/conformance/suite.ts";

const AT_ONCE = "its calls wait for nothing";
const NO_ERRORS = "none of its calls fails";

/** `example:arithmetic`, asked for sums. */
export const conformance: ProviderTestOptions = {
  start: (situation) => ({
    spec: situation === "setup-fails" ? "no-such-model" : "arithmetic",
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
  question: (n) => ({ prompt: `What is ${n} + 1?`, answer: String(n + 1) }),
  leftOut: {
    streaming: "its answers come whole",
    embed: "it has no embed",
    "generate-batch": "it has no generateBatch",
    cancellation: AT_ONCE,
    connection: AT_ONCE,
    "rate-limit": NO_ERRORS,
    "retry-after": NO_ERRORS,
    transient: NO_ERRORS,
    authentication: NO_ERRORS,
    "invalid-request": NO_ERRORS,
    "context-length": NO_ERRORS,
    "teardown-during-calls": AT_ONCE,
    "setup-hangs": "its setup waits for nothing",
  },
};
