import { assertEquals, assertRejects } from "@std/assert";
import { BUILTIN_PROVIDERS } from "../src/providers/builtin_providers.ts";
import { type ProviderTestOptions, testProvider } from "../src/providers/conformance/suite.ts";
import type { ModelProvider } from "../src/providers/provider.ts";
import { inSandbox } from "../src/providers/sandbox/testing/in_sandbox.ts";
import ai from "./ai.ts";
import { conformance as ofAi } from "./ai/testing/conformance.ts";
import echo from "./echo.ts";
import { conformance as ofEcho } from "./echo/testing/conformance.ts";
import example from "./example.ts";
import { conformance as ofExample } from "./example/testing/conformance.ts";
import modal from "./modal.ts";
import { conformance as ofModal } from "./modal/testing/conformance.ts";
import modalVllm from "./modal_vllm.ts";
import { modalVllmProvider } from "./modal_vllm/provider.ts";
import { CERTIFICATE } from "./modal_vllm/testing/certificate.ts";
import { conformance as ofModalVllm } from "./modal_vllm/testing/conformance.ts";
import openai from "./openai.ts";
import { chat, responses } from "./openai/testing/conformance.ts";
import sagemaker from "./sagemaker.ts";
import { conformance as ofSageMaker } from "./sagemaker/testing/conformance.ts";
import { conformance as ofWhole } from "../src/providers/sandbox/testing/whole_conformance.ts";
import whole from "../src/providers/sandbox/testing/whole_provider.ts";
import vllm from "./vllm.ts";
import { adopted, started } from "./vllm/testing/conformance.ts";

const tried = new Set<string>();

function tries<Config>(provider: ModelProvider<Config>, options: ProviderTestOptions): void {
  testProvider(provider, options);
  tried.add(provider.name);
}

/** Tries the provider in this process, and the same one in a sandbox. */
function triesInBothModes<Config>(
  provider: ModelProvider<Config>,
  options: ProviderTestOptions,
): void {
  tries(provider, options);
  triesInSandbox(provider, { ...options, url: import.meta.resolve(`./${provider.name}.ts`) });
}

function triesInSandbox<Config>(
  provider: ModelProvider<Config>,
  { url, ...options }: ProviderTestOptions & { readonly url: string },
): void {
  const { title = provider.name } = options;
  testProvider(inSandbox(provider, url), { ...options, title: `${title}, in a sandbox,` });
}

triesInBothModes(echo, ofEcho);
triesInBothModes(example, ofExample);
triesInBothModes(openai, chat);
triesInBothModes(openai, responses);
triesInBothModes(sagemaker, ofSageMaker);
triesInBothModes(ai, ofAi);
// No built-in one can do all that the protocol knows.
const wholeUrl = import.meta.resolve("../src/providers/sandbox/testing/whole_provider.ts");
testProvider(whole, ofWhole);
triesInSandbox(whole, { ...ofWhole, url: wholeUrl });
tries(vllm, started);
tries(vllm, adopted);
tries(modal, ofModal);
tries(modalVllmProvider({ caCerts: [CERTIFICATE] }), ofModalVllm);

/** They are tried in this process only: why is what a sandbox says of them. */
const UNCONFINABLE = [
  { provider: vllm, file: "vllm", model: "m", why: 'it asks for "run"' },
  { provider: modal, file: "modal", model: "app/f", why: 'Requires sys access to "cpus"' },
  { provider: modalVllm, file: "modal_vllm", model: "m", why: 'Requires sys access to "cpus"' },
] as const;
for (const { provider, file, model, why } of UNCONFINABLE) {
  Deno.test(`${provider.name} is not set up in a sandbox: ${why}`, async () => {
    const context = {
      config: {},
      env: () => "x",
      signal: new AbortController().signal,
      log() {},
    };
    const confined = inSandbox(provider, import.meta.resolve(`./${file}.ts`));
    await assertRejects(async () => await confined.setup(model, context), Error, why);
  });
}

Deno.test("every built-in provider is tried by the suite", () => {
  assertEquals([...tried].sort(), BUILTIN_PROVIDERS.map(({ name }) => name).sort());
});
