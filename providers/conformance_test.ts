import { assertEquals } from "@std/assert";
import { BUILTIN_PROVIDERS } from "../src/providers/builtin_providers.ts";
import { type ProviderTestOptions, testProvider } from "../src/providers/conformance/suite.ts";
import type { ModelProvider } from "../src/providers/provider.ts";
import ai from "./ai.ts";
import { conformance as ofAi } from "./ai/testing/conformance.ts";
import echo from "./echo.ts";
import { conformance as ofEcho } from "./echo/testing/conformance.ts";
import example from "./example.ts";
import { conformance as ofExample } from "./example/testing/conformance.ts";
import modal from "./modal.ts";
import { conformance as ofModal } from "./modal/testing/conformance.ts";
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

tries(echo, ofEcho);
tries(example, ofExample);
tries(openai, chat);
tries(openai, responses);
tries(vllm, started);
tries(vllm, adopted);
tries(sagemaker, ofSageMaker);
tries(ai, ofAi);
tries(modal, ofModal);

Deno.test("every built-in provider is tried by the suite", () => {
  assertEquals([...tried].sort(), BUILTIN_PROVIDERS.map(({ name }) => name).sort());
});
