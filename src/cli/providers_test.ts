import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { DotevalsError } from "../errors.ts";
import { serveSituation } from "../providers/conformance/serve_situation.ts";
import { loadCommand } from "./help.ts";
import { command } from "./providers.ts";
import { fakeIo, type FakeIoOptions } from "./testing/fake_io.ts";

async function providers(line: readonly string[], options: FakeIoOptions = {}) {
  const [word, ...args] = line;
  const part = command.parts?.find(({ name }) => name === word);
  assert(part);
  const io = fakeIo(options);
  const ended = (await loadCommand("providers", part)).run(args, io);
  const error = await ended.then(() => undefined, (error: unknown) => error);
  if (error !== undefined) assert(error instanceof DotevalsError, String(error));
  return { status: error ? error.exitCode : await ended, error, out: io.out(), err: io.err() };
}

const USAGE = { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 };

/** A chat completions endpoint that answers, or refuses with a status. */
function endpoint(status = 200) {
  const message = { role: "assistant", content: "Paris\u001b[31m" };
  const body = status === 200
    ? { choices: [{ index: 0, finish_reason: "stop", message }], usage: USAGE }
    : { error: { message: `refused sk-secret-1234` } };
  const headers = { "retry-after": "2" };
  return serveSituation("answers", {
    answer: () => Response.json(body, { status, headers }),
    refuse: () => new Response(),
  });
}

function trial(url: string, ...more: readonly string[]): readonly string[] {
  return ["test", "openai:gpt-4o-mini", "--model-option", `baseUrl=${url}/v1`, ...more];
}

Deno.test("providers list says of each provider what it needs, and whether it is there", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "vllm"), "", { mode: 0o755 });
    await Deno.writeTextFile(join(folder, "sh"), "no executable", { mode: 0o644 });
    const env = { OPENAI_API_KEY: "sk-secret-1234", PATH: `/nowhere:${folder}` };
    const { status, out } = await providers(["list"], { env });
    assertEquals(status, 0);
    const lines = out.split("\n");
    assertEquals(lines.slice(0, 9), [
      "openai:MODEL  OpenAI, and every server that speaks its API",
      "  variable    OPENAI_API_KEY: set",
      "  variable    OPENAI_BASE_URL: not set",
      "  hosts       api.openai.com",
      "vllm:MODEL  vLLM on this machine, started for the session, or a server that runs",
      "  variable    VLLM_API_KEY: not set",
      `  executable  vllm: ${join(folder, "vllm")}`,
      "  executable  sh: not found",
      "  hosts       127.0.0.1",
    ]);
    assert(!out.includes("sk-secret"));
    const json = await providers(["list", "--json"], { env });
    const [openai, vllm] = JSON.parse(json.out).providers;
    assertEquals([openai.env, openai.net], [
      [{ name: "OPENAI_API_KEY", set: true }, { name: "OPENAI_BASE_URL", set: false }],
      ["api.openai.com"],
    ]);
    assertEquals(vllm.run.map(({ path }: { path: string | null }) => path === null), [false, true]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("providers test shows what one call came to, with its times and tokens", async () => {
  await using server = endpoint();
  const { status, out } = await providers(trial(server.url));
  assertEquals([status, server.calls()], [0, 1]);
  const shown = out.replaceAll(/\d+(\.\d+)? m?s$/gm, "TIME").replace(server.url, "URL");
  assertEquals(shown.trimEnd().split("\n"), [
    "set up       URL/v1 gpt-4o-mini",
    "answer       Paris\\u{1b}[31m",
    "ended by     stop",
    "setup        TIME",
    "latency      TIME",
    "usage        9 tokens in, 1 token out",
    "teardown     TIME",
  ]);
  const json = JSON.parse((await providers(trial(server.url, "--json"))).out);
  assertEquals([json.version, json.usage, json.error], [
    1,
    { inputTokens: 9, outputTokens: 1 },
    null,
  ]);
  assert(json.setupMs >= 0 && json.latencyMs >= 0 && json.teardownMs >= 0);
});

Deno.test("providers test says why a call failed, with the way out, and without the key", async () => {
  const cases: readonly [status: number, code: string, hint: string][] = [
    [401, "authentication", '"dotevals providers list" names the variables'],
    [429, "rate-limit", "Try again in 2.0 s"],
    [503, "transient", "try again"],
    [404, "invalid-request", "model's name"],
  ];
  for (const [status, code, hint] of cases) {
    await using server = endpoint(status);
    const env = { OPENAI_API_KEY: "sk-secret-1234" };
    const ran = await providers(trial(server.url, "--json"), { env });
    assertEquals([ran.status, ran.error?.code], [1, code]);
    assertStringIncludes(ran.error?.hint ?? "", hint);
    assertEquals(JSON.parse(ran.out).error.code, code);
    assertEquals(server.calls(), 1);
    assert(!`${ran.out}${ran.error?.message}`.includes("sk-secret"), ran.out);
  }
});

Deno.test("providers test ends with 3 where setup or teardown fails, and tears down what failed", async () => {
  const missing = await providers(["test", "openai:m"]);
  assertEquals([missing.status, missing.error?.code], [3, "model-not-set-up"]);
  assertStringIncludes(missing.error?.hint ?? "", "OPENAI_API_KEY");
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "p.ts");
    await Deno.writeTextFile(
      file,
      `export default {
        [Symbol.for("dotevals.provider")]: 1, name: "p", permissions: {},
        setup: (_spec, { log }) => {
          log("info", "loading");
          return { resourceId: "p", model: { generate: () => { throw new Error("no answer"); } },
            teardown: () => { throw new Error("still in use"); } };
        },
      };`,
    );
    const ran = await providers(["test", `${file}#m`]);
    assertEquals([ran.status, ran.error?.message.endsWith("did not answer: no answer")], [1, true]);
    assertEquals(ran.err, "loading\n");
    assertStringIncludes(ran.out, "teardown");
    const other = join(folder, "q.ts");
    const source = await Deno.readTextFile(file);
    await Deno.writeTextFile(
      other,
      source.replace(/\{ throw new Error\("no.*?\}/, '({ text: "a" })'),
    );
    const left = await providers(["test", `${other}#m`]);
    assertEquals([left.status, left.error?.message.endsWith("torn down: still in use")], [3, true]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("providers test says what a call cost where its price is known", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "priced.ts");
    await Deno.writeTextFile(
      file,
      `const usage = { inputTokens: 1_000_000, outputTokens: 0 };
      export default {
        [Symbol.for("dotevals.provider")]: 1, name: "p", permissions: {},
        setup: () => ({
          resourceId: "p", pricedAs: { provider: "openai", model: "gpt-4o-mini" },
          model: { generate: () => Promise.resolve({ text: "a", usage }) }, teardown() {},
        }),
      };`,
    );
    const { out } = await providers(["test", `${file}#m`]);
    assertStringIncludes(out, "cost         $0.150\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("providers without a known command lists those that there are", async () => {
  const run = async (...args: string[]) => await command.run(args, fakeIo());
  await assertRejects(() => run(), DotevalsError, "needs one of list, test");
  const error = await assertRejects(() => run("tset"), DotevalsError, "no command providers tset");
  assertStringIncludes(error.hint ?? "", "Did you mean providers test?");
});
