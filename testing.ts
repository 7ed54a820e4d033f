/**
 * Tests for model providers: the suite that the built-in ones pass, for those of others too.
 *
 * @module
 */
export {
  type ProviderCase,
  providerCases,
  type ProviderTestOptions,
  testProvider,
} from "./src/providers/conformance/suite.ts";
export type { CaseName } from "./src/providers/conformance/case.ts";
export type {
  CreatedResources,
  RefusalSituation,
  Situation,
  TestEndpoint,
} from "./src/providers/conformance/situation.ts";
export type { Question } from "./src/providers/conformance/trial.ts";
export { type CallGate, callGate } from "./src/providers/conformance/call_gate.ts";
export {
  type ServedSituation,
  serveSituation,
  type ServeSituationOptions,
} from "./src/providers/conformance/serve_situation.ts";
