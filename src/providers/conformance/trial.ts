/**
 * A provider with what it finds at the other end, for one case.
 *
 * @module
 */
import { toHandle } from "../handle.ts";
import type { CallOptions, ModelResponse } from "../model.ts";
import { model } from "../model_spec.ts";
import type { ModelHandle, ModelProvider } from "../provider.ts";
import { setupContext } from "../set_up.ts";
import { check, type Patience, until, within } from "./check.ts";
import type { Situation, TestEndpoint } from "./situation.ts";

/** A prompt, and a text that its answer must contain. */
export interface Question {
  /** What is asked. */
  readonly prompt: string;
  /** What the answer contains. */
  readonly answer: string;
}

/** What the cases need to know of a provider. */
export interface TrialOptions extends Patience {
  readonly start: (situation: Situation) => TestEndpoint | Promise<TestEndpoint>;
  readonly question: (n: number) => Question;
}

/** A provider under test. */
export class Trial implements AsyncDisposable {
  readonly #ends = new AsyncDisposableStack();

  private constructor(
    readonly provider: ModelProvider,
    readonly endpoint: TestEndpoint,
    readonly options: TrialOptions,
  ) {
    this.#ends.use(endpoint);
  }

  /** Starts the other end. */
  static async open(
    provider: ModelProvider,
    options: TrialOptions & { readonly situation: Situation },
  ): Promise<Trial> {
    return new Trial(provider, await options.start(options.situation), options);
  }

  /** Calls the provider's `setup` as a session does, and returns what it returns. */
  async begin(signal: AbortSignal): Promise<unknown> {
    const { spec, options = {}, env = {} } = this.endpoint;
    const named = model(`${this.provider.name}:${spec}`, options);
    const context = await setupContext(this.provider, named, {
      signal,
      log() {},
      env: (name) => env[name],
    });
    return await this.provider.setup(spec, context);
  }

  /** Sets a model up; it is torn down at the end of the case. */
  async setUp(): Promise<ModelHandle> {
    const setup = this.begin(new AbortController().signal);
    const handle = toHandle(await this.within(setup, "setup must come to an end"));
    this.#ends.defer(() => this.within(handle.teardown(), "teardown must come to an end"));
    return handle;
  }

  /** Asks question `n`, and checks the answer's text. */
  async ask(handle: ModelHandle, n: number, options: CallOptions = {}): Promise<ModelResponse> {
    const { prompt, answer } = this.options.question(n);
    const response = await handle.model.generate(prompt, options);
    checkText(response, answer);
    return response;
  }

  /** Waits until `count` calls are under way. */
  async underWay(count: number): Promise<void> {
    if (!this.endpoint.waiting) return await new Promise((resolve) => setTimeout(resolve));
    await this.until(
      async () => await this.endpoint.waiting?.() === count,
      `${count} of the calls must be waiting at the endpoint`,
    );
  }

  /** Checks that nothing which setups created is left. */
  async nothingLeft(): Promise<void> {
    const { left = 0 } = await this.endpoint.resources?.() ?? {};
    check(left === 0, `nothing that setup created may be left; there are ${left}`);
  }

  /** Waits as long as the case's patience lasts. */
  within<Value>(work: Promise<Value>, what: string): Promise<Value> {
    return within(work, { ...this.options, what });
  }

  /** Waits until a condition holds, as long as the case's patience lasts. */
  until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    return until(condition, { ...this.options, what });
  }

  /** Tears down what was set up, and ends the other end. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#ends.disposeAsync();
  }
}

/** Checks a response's text. */
export function checkText(response: ModelResponse, answer: string): void {
  const text: unknown = response?.text;
  check(typeof text === "string", `a response must have a text; it has ${Deno.inspect(response)}`);
  check(text.includes(answer), `the answer must contain "${answer}"; it is "${text}"`);
}
