import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../src/errors.ts";
import type { ModelOption } from "../src/providers/model_spec.ts";
import { ModelError } from "../src/providers/model_error.ts";
import ai from "./ai.ts";
import { loadModels } from "./ai/load.ts";
import { OngoingCalls } from "./_ongoing_calls.ts";
import { aiModel } from "./ai/model.ts";
import { PACKAGES } from "./ai/packages.ts";
import { setUp } from "./ai/testing/set_up.ts";
import { chunks, streamed } from "./openai/testing/answers.ts";
import { serve } from "./openai/testing/strict_server.ts";

/** Sets variables to what nobody granted, until it is disposed of. */
function withEnvironment(variables: readonly string[], value = "from-outside"): Disposable {
  const before = variables.map((name) => [name, Deno.env.get(name)] as const);
  for (const name of variables) Deno.env.set(name, value);
  return {
    [Symbol.dispose]() {
      for (const [name, value] of before) {
        if (value === undefined) Deno.env.delete(name);
        else Deno.env.set(name, value);
      }
    },
  };
}

Deno.test("ai: the environment moves no provider to another endpoint", async () => {
  const asked: string[] = [];
  const fetch = (url: string) => {
    asked.push(new URL(url).host);
    return Promise.resolve(Response.json({ error: { message: "Wrong key" } }, { status: 401 }));
  };
  using _environment = withEnvironment(
    ["ANTHROPIC_BASE_URL", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "OLLAMA_HOST"],
    "http://elsewhere.test",
  );
  for (const name of ["anthropic", "google", "mistral", "bedrock", "ollama"]) {
    const config = { settings: { fetch } };
    const models = await loadModels(`${name}/m`, { config, env: () => "granted" });
    const model = aiModel(models, { config, ongoing: new OngoingCalls() });
    await assertRejects(() => model.generate("x"), ModelError);
  }
  assertEquals(asked, [
    "api.anthropic.com",
    "generativelanguage.googleapis.com",
    "api.mistral.ai",
    "bedrock-runtime.granted.amazonaws.com",
    "127.0.0.1:11434",
  ]);
});

for (const [name, { variables = {}, optional = [] }] of Object.entries(PACKAGES)) {
  Deno.test(`ai: the package of ${name} is loaded, and asks with the key that it was given`, async () => {
    const headers: Headers[] = [];
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => {
        headers.push(request.headers);
        return Response.json({ error: { message: "Wrong key" }, message: "Wrong key" }, {
          status: 401,
        });
      },
    );
    const baseUrl = `http://127.0.0.1:${server.addr.port}`;
    const env = Object.fromEntries(
      Object.values(variables).map((variable) => [variable, "granted"]),
    );
    using _environment = withEnvironment([...Object.values(variables), "AWS_BEARER_TOKEN_BEDROCK"]);
    await using handle = await setUp(`${name}/m`, { baseUrl }, env);
    const error = await assertRejects(() => handle.model.generate("x"), ModelError);
    assertEquals(error.code, "authentication", error.message);
    const sent = JSON.stringify([...headers[0] ?? []]);
    assertEquals(headers.length, 1);
    assert(!sent.includes("from-outside"), sent);
    assertEquals(sent.includes("granted"), Object.keys(variables).length > 0, sent);
    for (const [setting, variable] of Object.entries(variables)) {
      if (optional.includes(setting)) continue;
      const { [variable]: _, ...less } = env;
      const error = await assertRejects(
        () => setUp(`${name}/m`, {}, less),
        DotevalsError,
        variable,
      );
      assertStringIncludes(error.hint ?? "", `Set ${variable}`);
    }
  });
}

Deno.test("ai: any other provider package is used by its name", async () => {
  await using endpoint = serve(() => streamed(chunks([{ content: "4" }])));
  await using handle = await setUp("mine/m", {
    package: "npm:@ai-sdk/openai-compatible@^3",
    baseUrl: endpoint.baseUrl,
    settings: { name: "mine", includeUsage: true },
    providerOptions: { mine: { top_k: 20 } },
  });
  assertEquals((await handle.model.generate("x")).text, "4");
  assertEquals(endpoint.seen[0]?.body.top_k, 20);
});

Deno.test("ai: says which provider, package, factory or option is wrong", async () => {
  const cases: readonly [
    spec: string,
    Record<string, ModelOption>,
    message: string,
    hint: string,
  ][] = [
    ["m", {}, '"m" is no PROVIDER/MODEL', ""],
    ["anthropc/m", {}, 'provider "anthropc" is not known', "anthropic, google"],
    ["x/m", { package: "npm:valibot@^1" }, "valibot", "provider package"],
    ["x/m", { package: "npm:@ai-sdk/google@^4" }, "not one function", "createGoogle, "],
    ["x/m", { package: "./mine.ts" }, "must be an npm package", ""],
    ["x/m", { apiKey: "secret" }, "secrets are read from the environment only", ""],
  ];
  for (const [spec, options, message, hint] of cases) {
    const error = await assertRejects(() => setUp(spec, options), DotevalsError);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.hint ?? "", hint);
  }
});

Deno.test("ai: a package that cannot be downloaded is named", async () => {
  const load = () =>
    Promise.reject(new Error("npm package not found in cache, --cached-only is given"));
  const options = { config: {}, env: () => "key", load };
  const error = await assertRejects(() => loadModels("mistral/m", options), DotevalsError);
  assertStringIncludes(
    error.message,
    "npm:@ai-sdk/mistral@^4 could not be loaded: npm package not",
  );
});

Deno.test("ai: calls are priced as the provider's own, unless they go elsewhere", async () => {
  const env = { ANTHROPIC_API_KEY: "k" };
  await using own = await setUp("anthropic/claude-haiku-4-5", {}, env);
  assertEquals(own.pricedAs, { provider: "anthropic", model: "claude-haiku-4-5" });
  const baseUrl = "http://127.0.0.1:9/v1";
  await using other = await setUp("anthropic/claude-haiku-4-5", { baseUrl }, env);
  assertEquals(other.pricedAs, undefined);
});

Deno.test("ai: an aborted setup ends, whatever the download does", async () => {
  const signal = AbortSignal.abort(new Error("stopped"));
  const setup = ai.setup("ollama/m", { config: {}, env: () => undefined, signal, log() {} });
  await assertRejects(() => setup, Error, "stopped");
});
