import { assertEquals } from "@std/assert";
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
import { modalVllmProvider } from "./modal_vllm/provider.ts";
import { CERTIFICATE } from "./modal_vllm/testing/certificate.ts";
import { conformance as ofModalVllm } from "./modal_vllm/testing/conformance.ts";
import openai from "./openai.ts";
import { chat, responses } from "./openai/testing/conformance.ts";
import sagemaker from "./sagemaker.ts";
import { conformance as ofSageMaker } from "./sagemaker/testing/conformance.ts";
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
  const { title = provider.name } = options;
  const sandboxed = inSandbox(provider, import.meta.resolve(`./${provider.name}.ts`));
  testProvider(sandboxed, { ...options, title: `${title}, in a sandbox,` });
}

triesInBothModes(echo, ofEcho);
triesInBothModes(example, ofExample);
triesInBothModes(openai, chat);
triesInBothModes(openai, responses);
triesInBothModes(sagemaker, ofSageMaker);
triesInBothModes(ai, ofAi);
// These need more than a sandbox gives: vllm starts a server, and Modal's client counts processors.
tries(vllm, started);
tries(vllm, adopted);
tries(modal, ofModal);
tries(modalVllmProvider({ caCerts: [CERTIFICATE] }), ofModalVllm);

Deno.test("every built-in provider is tried by the suite", () => {
  assertEquals([...tried].sort(), BUILTIN_PROVIDERS.map(({ name }) => name).sort());
});
