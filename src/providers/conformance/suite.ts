/**
 * The suite that every model provider passes.
 *
 * @module
 */
import type { ModelProvider } from "../provider.ts";
import { callCases } from "./call_cases.ts";
import { cancellationCases } from "./cancellation_cases.ts";
import type { CaseName, ConformanceCase } from "./case.ts";
import { within } from "./check.ts";
import { errorCases } from "./error_cases.ts";
import { lifetimeCases } from "./lifetime_cases.ts";
import type { Situation, TestEndpoint } from "./situation.ts";
import { type Question, Trial } from "./trial.ts";

const CASES: readonly ConformanceCase[] = [
  ...callCases,
  ...cancellationCases,
  ...errorCases,
  ...lifetimeCases,
];

/** What {@linkcode testProvider} is told of a provider. */
export interface ProviderTestOptions {
  /** Starts what the provider finds at the other end; called for each case. */
  readonly start: (situation: Situation) => TestEndpoint | Promise<TestEndpoint>;
  /** What the provider cannot do, with the reason; those cases are shown as left out. */
  readonly leftOut?: Readonly<Partial<Record<CaseName, string>>>;
  /**
   * Prompts that are told apart by their answers. By default the endpoint must answer with a text that
   * contains the prompt.
   */
  readonly question?: (n: number) => Question;
  /**
   * What the tests' names start with.
   *
   * @default the provider's name
   */
  readonly title?: string;
  /**
   * Milliseconds after which what did not happen counts as never happening.
   *
   * @default {60_000}
   */
  readonly patienceMs?: number;
}

/** One case of the suite, for one provider. */
export interface ProviderCase {
  /** The case's own name, by which it is left out. */
  readonly name: CaseName;
  /** The test's name, a sentence. */
  readonly title: string;
  /** Why the case is left out, if it is. */
  readonly leftOut: string | undefined;
  /** Tries it; throws where the provider does not do as the protocol says. */
  readonly run: () => Promise<void>;
}

/**
 * The cases of the suite for one provider, for another test runner than Deno's.
 *
 * @example
 * ```ts
 * import echo from "@dotevals/core/providers/echo";
 * import { providerCases } from "@dotevals/core/testing";
 *
 * const start = () => ({ spec: "", [Symbol.asyncDispose]: () => Promise.resolve() });
 * const [answers] = providerCases(echo, { start });
 * await answers?.run();
 * ```
 */
export function providerCases<Config>(
  provider: ModelProvider<Config>,
  options: ProviderTestOptions,
): readonly ProviderCase[] {
  const { start, leftOut = {}, title = provider.name, patienceMs = 60_000 } = options;
  const question = options.question ?? ((n) => {
    const prompt = `question ${n + 1} of many`;
    return { prompt, answer: prompt };
  });
  // The options that it gets are those that its own schema made.
  const tested = provider as unknown as ModelProvider;
  return CASES.map(({ name, sentence, situation, run }) => ({
    name,
    title: `${title} ${sentence}`,
    leftOut: leftOut[name],
    run: async () => {
      const trial = await Trial.open(tested, { start, question, patienceMs, situation });
      await using _ = trial;
      await within(run(trial), { patienceMs: 2 * patienceMs, what: "the case must end" });
    },
  }));
}

/**
 * Registers the suite that every model provider passes as tests of Deno's, one for each case: setup,
 * calls one by one and at once, cancellation, each kind of error, usage, and the end.
 *
 * The provider is tried by its `setup` alone, so that one which runs elsewhere may stand in for it.
 *
 * @example
 * ```ts ignore
 * import echo from "@dotevals/core/providers/echo";
 * import { testProvider } from "@dotevals/core/testing";
 *
 * testProvider(echo, {
 *   start: () => ({ spec: "", [Symbol.asyncDispose]: () => Promise.resolve() }),
 *   leftOut: { usage: "it counts no tokens" },
 * });
 * ```
 */
export function testProvider<Config>(
  provider: ModelProvider<Config>,
  options: ProviderTestOptions,
): void {
  for (const { title, leftOut, run } of providerCases(provider, options)) {
    const name = leftOut === undefined ? title : `${title} (left out: ${leftOut})`;
    Deno.test({ name, ignore: leftOut !== undefined, fn: run });
  }
}
