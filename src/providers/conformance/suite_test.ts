import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { CallOptions, ModelResponse } from "../model.ts";
import {
  AuthenticationError,
  ContextLengthError,
  InvalidRequestError,
  RateLimitError,
  TransientError,
} from "../model_error.ts";
import { defineProvider, type ModelProvider } from "../provider.ts";
import type { CaseName } from "./case.ts";
import { serveSituation } from "./serve_situation.ts";
import type { RefusalSituation } from "./situation.ts";
import { providerCases, type ProviderTestOptions } from "./suite.ts";

const STATUSES = new Map<RefusalSituation, number>([
  ["rate-limit", 429],
  ["transient", 503],
  ["authentication", 401],
  ["invalid-request", 400],
  ["context-length", 413],
]);

const options: ProviderTestOptions = {
  start(situation) {
    const server = serveSituation(situation, {
      isCall: ({ method }) => method === "POST",
      answer: async (request) => new Response(await request.text()),
      refuse: (refusal) =>
        new Response("no", {
          status: STATUSES.get(refusal) ?? 500,
          headers: { "retry-after": "2" },
        }),
    });
    return { ...server, spec: situation === "setup-fails" ? "nowhere" : server.url };
  },
};

/** What may be wrong with a provider. */
interface Flaws {
  readonly ask?: (url: string, prompt: string, options: CallOptions) => Promise<ModelResponse>;
  readonly teardown?: (calls: number) => Promise<void>;
  readonly setup?: (url: string, signal: AbortSignal) => Promise<void>;
  readonly error?: (error: Error) => Error;
}

/** A provider that does all as it should, but for its flaws. */
function provider(flaws: Flaws = {}): ModelProvider<unknown> {
  return defineProvider<unknown>({
    name: "small",
    permissions: {},
    async setup(url, { signal }) {
      await (flaws.setup ?? look)(url, signal);
      const ending = new AbortController();
      let teardowns = 0;
      async function teardown(): Promise<void> {
        ending.abort(new TransientError("ended"));
        await flaws.teardown?.(++teardowns);
      }
      return {
        resourceId: url,
        model: {
          async generate(request, { signal } = {}) {
            const text = typeof request === "string" ? request : JSON.stringify(request);
            const both = AbortSignal.any([ending.signal, ...signal ? [signal] : []]);
            try {
              return await (flaws.ask ?? ask)(url, text, { signal: both });
            } catch (error) {
              if (signal?.aborted || !(error instanceof Error)) throw error;
              throw flaws.error?.(error) ?? error;
            }
          },
          embed: (texts) => Promise.resolve(texts.map((text) => [text.length, text.charCodeAt(0)])),
          generateBatch: (prompts) =>
            Promise.all(prompts.map((prompt) => ask(url, String(prompt), {}))),
        },
        teardown,
        [Symbol.asyncDispose]: teardown,
      };
    },
  });
}

async function look(url: string, signal?: AbortSignal): Promise<void> {
  await (await fetch(url, signal ? { signal } : {})).text();
}

async function ask(url: string, prompt: string, { signal }: CallOptions): Promise<ModelResponse> {
  const response = await fetch(url, { method: "POST", body: prompt, ...signal && { signal } });
  const text = await response.text();
  if (!response.ok) throw refused(response);
  return { text, usage: { inputTokens: 1, outputTokens: 1 }, latencyMs: 2, timeToFirstTokenMs: 1 };
}

function refused({ status, headers }: Response): Error {
  const retryAfterMs = Number(headers.get("retry-after")) * 1000;
  switch (status) {
    case 429:
      return new RateLimitError("slow", { retryAfterMs });
    case 401:
      return new AuthenticationError("no");
    case 413:
      return new ContextLengthError("long");
    case 400:
      return new InvalidRequestError("what?");
    default:
      return new TransientError("later");
  }
}

for (const { title, run } of providerCases(provider(), options)) {
  Deno.test(`the suite passes a provider as it should be: ${title}`, run);
}

const never = new Promise<never>(() => {});
const answered = { text: "question 1 of many question 2 of many", latencyMs: 1 };

const FLAWED: readonly [what: string, Flaws, fails: readonly CaseName[], words: string][] = [
  [
    "whose second teardown throws",
    {
      teardown: (calls) => calls > 1 ? Promise.reject(new Error("gone")) : Promise.resolve(),
    },
    ["teardown-twice"],
    "gone",
  ],
  ["whose teardown hangs", { teardown: () => never }, ["teardown-twice"], "teardown must come"],
  [
    "that ignores a call's signal",
    { ask: (url, prompt) => ask(url, prompt, {}) },
    ["aborted-before", "cancellation", "connection", "teardown-during-calls"],
    "",
  ],
  [
    "that throws something else than the signal's reason",
    {
      ask: (url, prompt, options) =>
        ask(url, prompt, options).catch((error) => {
          throw options.signal?.aborted ? new Error("stopped") : error;
        }),
    },
    ["aborted-before", "cancellation"],
    "signal's reason; it threw Error: stopped",
  ],
  [
    "that keeps the connection of an aborted call",
    {
      ask: (url, prompt, { signal }) =>
        Promise.race([
          ask(url, prompt, {}),
          new Promise<never>((_, reject) => {
            signal?.addEventListener("abort", () => reject(signal.reason));
          }),
        ]),
    },
    ["connection"],
    "see the connection of an aborted call close",
  ],
  [
    "that throws errors of one kind only",
    {
      error: () => new TransientError("something failed"),
    },
    ["rate-limit", "retry-after", "authentication", "invalid-request", "context-length"],
    "",
  ],
  [
    "that throws errors which are no model errors",
    { error: ({ message }) => new Error(message) },
    ["rate-limit", "transient"],
    "code must be",
  ],
  [
    "that tries again by itself",
    { ask: (...call) => ask(...call).catch(() => ask(...call)) },
    ["rate-limit", "transient", "authentication"],
    "there were 2 attempts",
  ],
  [
    "whose responses have no text",
    { ask: () => Promise.resolve({} as ModelResponse) },
    ["answer", "messages", "one-setup", "usage"],
    "must have a text",
  ],
  [
    "that mixes answers up",
    { ask: () => Promise.resolve({ text: "question 1 of many" }) },
    ["one-setup", "two-setups"],
    'must contain "question 2 of many"',
  ],
  ["that counts no tokens", { ask: () => Promise.resolve(answered) }, ["usage"], "must be a count"],
  [
    "that does not say when the first token came",
    { ask: () => Promise.resolve(answered) },
    ["streaming"],
    "must say its timeToFirstTokenMs",
  ],
  [
    "whose first token comes after its answer",
    {
      ask: async (...call) => ({ ...await ask(...call), timeToFirstTokenMs: 9 }),
    },
    ["usage"],
    "cannot come after",
  ],
  ["that makes one call after the other", oneByOne(), ["concurrency"], "16 of the calls"],
  ["whose setup hangs though aborted", { setup: (url) => look(url) }, ["setup-hangs"], "must end"],
  [
    "whose setup goes on though aborted",
    {
      setup: (url, signal) => look(url, signal).catch(() => {}),
    },
    ["setup-hangs"],
    "must fail",
  ],
  [
    "whose setup succeeds though nothing is there",
    {
      setup: () => Promise.resolve(),
    },
    ["setup-fails"],
    "must fail",
  ],
];

function oneByOne(): Flaws {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask: (...call) => {
      const next = last.then(() => ask(...call));
      last = next.catch(() => {});
      return next;
    },
  };
}

for (const [what, flaws, fails, words] of FLAWED) {
  Deno.test(`the suite refuses a provider ${what}`, async () => {
    const cases = providerCases(provider(flaws), { ...options, patienceMs: 300 });
    for (const name of fails) {
      const found = cases.find((each) => each.name === name);
      assert(found, name);
      const error = await assertRejects(found.run, Error, undefined, `${name} must fail`);
      const first = error instanceof SuppressedError ? error.suppressed : error;
      assertStringIncludes(String(first), words, name);
    }
  });
}

Deno.test("providerCases() names what is left out, with the reason, and keeps the count", () => {
  const all = providerCases(provider(), options);
  const some = providerCases(provider(), { ...options, leftOut: { embed: "none" }, title: "S" });
  assertEquals(some.length, all.length);
  assertEquals(
    some.filter(({ leftOut }) => leftOut).map(({ title, leftOut }) => [title, leftOut]),
    [
      ["S gives one vector for each text, in their order", "none"],
    ],
  );
});
