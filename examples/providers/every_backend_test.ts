import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { answer } from "../../providers/example/arithmetic.ts";
import { startModal } from "../../providers/modal/testing/modal_server.ts";
import { CERTIFICATE } from "../../providers/modal_vllm/testing/certificate.ts";
import { sandboxes } from "../../providers/modal_vllm/testing/sandboxes.ts";
import { chunks, streamed } from "../../providers/openai/testing/answers.ts";
import { serve } from "../../providers/openai/testing/strict_server.ts";
import { vllm as container } from "../../providers/sagemaker/testing/containers.ts";
import { KEY_ENV, startAws } from "../../providers/sagemaker/testing/stand_in.ts";
import { standIn } from "../../providers/vllm/testing/stand_in.ts";
import { finished, type Workplace, workplace } from "../../tests/cli/command.ts";

const EVALUATION = fromFileUrl(new URL("../evals/arithmetic.eval.ts", import.meta.url));
const SAMPLES = 6;

type Messages = readonly { readonly role: string; readonly content?: unknown }[];

/** All stand-ins answer as `example:arithmetic` does. */
function solve(messages: unknown): string {
  return answer(String((messages as Messages).at(-1)?.content));
}

/** What `--model` says of each backend. */
const MODELS: Readonly<Record<string, string>> = {
  example: "example:arithmetic",
  openai: "openai:gpt-4o-mini",
  vllm: "vllm:Qwen/Qwen2.5-0.5B-Instruct",
  sagemaker: "sagemaker:my-endpoint",
  modal: "modal:app/solve",
  fleet: "modal-vllm:Qwen/Qwen2.5-0.5B-Instruct",
  ai: "ai:openai-compatible/some-model",
  file: "./solver.ts#model",
};

interface Backends extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  readonly options: readonly string[];
}

/** Starts a stand-in of every backend. */
async function backends(): Promise<Backends> {
  await using ends = new AsyncDisposableStack();
  const chat = ends.use(serve(({ body }) => streamed(chunks([{ content: solve(body.messages) }]))));
  const vllm = ends.use(await standIn({ solves: true }));
  const reply = container(({ messages }) => ({ content: solve(messages) }));
  const aws = ends.use(startAws({ containers: { "my-endpoint": reply } }));
  const run = ([request]: readonly unknown[]) =>
    solve((request as { messages: Messages }).messages);
  const fleet = ends.use(sandboxes({ solves: true }));
  const modal = ends.use(
    await startModal({ functions: { "app/solve": { run } }, handlers: () => fleet.handlers }),
  );
  const started = ends.move();
  return {
    env: {
      ...KEY_ENV,
      ...modal.variables,
      AWS_ENDPOINT_URL: aws.url,
      OPENAI_BASE_URL: chat.baseUrl,
      OPENAI_API_KEY: "sk-example-1234",
      PATH: `${vllm.folder}:${Deno.env.get("PATH")}`,
    },
    options: ["--model-option", `ai.baseUrl=${chat.baseUrl}`],
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

const SOLVER = `
import { answer } from ${
  JSON.stringify(import.meta.resolve("../../providers/example/arithmetic.ts"))
};
export default {
  [Symbol.for("dotevals.provider")]: 1,
  name: "solver",
  permissions: {},
  setup: (spec) => ({
    resourceId: spec,
    model: { generate: (prompt) => Promise.resolve({ text: answer(prompt) }) },
    teardown() {},
  }),
};`;

async function run(
  place: Workplace,
  names: readonly string[],
  options: readonly string[],
): Promise<Record<string, readonly unknown[]>> {
  // The stand-in's tunnels have a certificate of their own.
  const DENO_CERT = await place.write("certificate.pem", CERTIFICATE);
  const models = names.flatMap((name) => ["--model", `${name}=${MODELS[name]}`]);
  const experiment = names.join("-");
  const args = ["--experiment", experiment, "--samples", String(SAMPLES), ...models, ...options];
  const command = place.start(["run", EVALUATION, ...args], { env: { DENO_CERT } });
  const { code, stderr } = await finished(command);
  assertEquals(code, 0, stderr);
  const { stdout } = await place.dotevals("show", experiment, "--json");
  const { evaluations } = JSON.parse(stdout);
  return Object.fromEntries(evaluations.map((shown: Record<string, unknown>) => {
    const { variant, completed, errors, metrics, calls } = shown as {
      readonly variant: { readonly model: string; readonly style: string };
      readonly completed: number;
      readonly errors: number;
      readonly metrics: unknown;
      readonly calls: readonly { readonly model: string; readonly calls: number }[];
    };
    assertEquals(calls.map(({ model, calls }) => [model, calls]), [[variant.model, SAMPLES]]);
    return [`${variant.model} ${variant.style}`, [completed, errors, metrics]];
  }));
}

Deno.test("one unchanged evaluation runs with each backend in turn, and with all at once", async () => {
  await using started = await backends();
  await using place = await workplace(started.env);
  await place.write("solver.ts", SOLVER);
  const names = Object.keys(MODELS);
  const inTurn: Record<string, readonly unknown[]> = {};
  for (const name of names) {
    const options = started.options.filter(() => name === "ai");
    Object.assign(inTurn, await run(place, [name], options));
  }
  const local = ["quick", "steps"].map((style) => inTurn[`example ${style}`]);
  assertEquals(local.map((shown) => shown?.slice(0, 2)), [[SAMPLES, 0], [SAMPLES, 0]]);
  assert(JSON.stringify(local).includes('"accuracy":'), JSON.stringify(local));
  const expected = Object.fromEntries(
    names.flatMap((name) => [[`${name} quick`, local[0]], [`${name} steps`, local[1]]]),
  );
  assertEquals(inTurn, expected);
  assertEquals(await run(place, names, started.options), expected);
});
