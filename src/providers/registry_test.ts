import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { model, type ModelOption } from "./model_spec.ts";
import { loadProvider } from "./registry.ts";
import { setUpModel, type SetUpOptions } from "./set_up.ts";

async function withFile(name: string, text: string, use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/${name}`, text);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const BRAND = 'Symbol.for("dotevals.provider")';

Deno.test("loadProvider() loads built-in providers by name and leaves the rest to them", async () => {
  const { provider, model } = await loadProvider("openai:ft:gpt:x");
  assertEquals([provider.name, model], ["openai", "ft:gpt:x"]);
  assertEquals((await loadProvider("echo:")).model, "");
});

Deno.test("loadProvider() suggests the nearest name", async () => {
  const error = await assertRejects(() => loadProvider("opnai:gpt"), DotevalsError, '"opnai"');
  assertStringIncludes(error.hint ?? "", "Did you mean openai:gpt?");
  assertEquals(error.exitCode, 2);
  const other = await assertRejects(() => loadProvider("anthropic:claude"), DotevalsError);
  assertEquals(
    other.hint?.startsWith(
      "There are openai:, vllm:, sagemaker:, ai:, modal:, modal-vllm:, echo:, example:",
    ),
    true,
  );
  const bare = await assertRejects(() => loadProvider("gpt-4o"), DotevalsError);
  assertStringIncludes(bare.hint ?? "", "openai:gpt-4o");
  await assertRejects(() => loadProvider("echo"), DotevalsError, "no colon");
  await assertRejects(() => loadProvider("toString:x"), DotevalsError, "no provider named");
});

Deno.test("loadProvider() loads a file's default export, recognised by its brand", async () => {
  const text = `export default { [${BRAND}]: 1, name: "mine", permissions: {}, setup() {} };`;
  await withFile("my provider1.ts", text, async (folder) => {
    const { provider, model } = await loadProvider("./my provider1.ts#a#b", { cwd: folder });
    assertEquals([provider.name, model], ["mine", "a#b"]);
    assertEquals((await loadProvider(`${folder}/my provider1.ts`)).model, "");
  });
});

Deno.test("loadProvider() says what is wrong with a file", async () => {
  const cases = [
    ["export const x = 1;", "it has no default export"],
    ["export default 5;", "its default export is no provider"],
    [`export default { [${BRAND}]: 1 };`, "name is no text"],
    [`export default { [${BRAND}]: 1, name: "x" };`, "permissions are no object"],
    [
      `export default { [${BRAND}]: 1, name: "x", permissions: { env: "KEY" } };`,
      "permissions.env is no list of texts",
    ],
    [`export default { [${BRAND}]: 1, name: "x", permissions: {} };`, "setup is no function"],
    [
      `export default { [${BRAND}]: 1, name: "x", permissions: {}, setup() {}, config: {} };`,
      "config is no Standard Schema",
    ],
    [`export default { [${BRAND}]: 2 };`, "version 2 of the provider protocol"],
    ['throw new Error("boom");', "boom"],
  ] as const;
  for (const [index, [text, message]] of cases.entries()) {
    await withFile(`p${index}.ts`, text, async (cwd) => {
      const error = await assertRejects(
        () => loadProvider(`./p${index}.ts#m`, { cwd }),
        DotevalsError,
        message,
      );
      assertEquals(error.exitCode, 3);
      assertStringIncludes(error.message, `./p${index}.ts#m`);
    });
  }
});

Deno.test("loadProvider() says which file is not there, and where paths start", async () => {
  const error = await assertRejects(
    () => loadProvider("./none.ts#m", { cwd: "/nowhere" }),
    DotevalsError,
    "/nowhere/none.ts",
  );
  assertEquals(error.message.endsWith("..") || !error.message.endsWith("."), false);
  assertStringIncludes(error.hint ?? "", "current directory");
});

Deno.test("loadProvider() refuses what was granted nothing, with the command that grants it", async () => {
  for (const url of ["https://h/p.ts", "jsr:@a/p", "npm:@a/p@1/sub", "http://127.0.0.1:9/p.ts"]) {
    const error = await assertRejects(
      () => loadProvider(`${url}#m`, { cwd: "/nowhere" }),
      DotevalsError,
      `${url} is not in dotevals.lock.json`,
    );
    assertEquals([error.code, error.exitCode], ["provider-not-granted", 3]);
    assertStringIncludes(error.hint ?? "", `deno run -A jsr:@dotevals/cli providers add ${url}`);
  }
});

Deno.test("loadProvider() says a command that a shell takes as it is", async () => {
  const url = "https://h/p.ts?a=1&b='2";
  const error = await assertRejects(
    () => loadProvider(`${url}#m`, { cwd: "/nowhere", program: "dotevals" }),
    DotevalsError,
  );
  assertStringIncludes(error.hint ?? "", "dotevals providers add 'https://h/p.ts?a=1&b=%272'");
});

Deno.test("loadProvider() loads nothing from where anybody could change it", async () => {
  for (const spec of ["http://acme.test/p.ts", "data:text/javascript,", "https://me:key@h/p.ts"]) {
    const error = await assertRejects(() => loadProvider(spec, { cwd: "/nowhere" }), DotevalsError);
    assertEquals(error.code, "unsupported-provider");
  }
});

Deno.test("setUpModel() grants the variables that a provider asks for or an option names, and no others", async () => {
  const text = `export default {
    [${BRAND}]: 1, name: "mine", permissions: { env: ["ASKED", "A_TOKEN"] },
    config: { "~standard": { version: 1, vendor: "t", validate: (value) => ({ value }) } },
    setup(_spec, { env, config }) {
      const resourceId = JSON.stringify(["ASKED", "A_TOKEN", "NAMED", "OTHER"].map((n) => env(n) ?? null));
      return Promise.resolve({ resourceId, config, model: { generate() {} }, async teardown() {}, async [Symbol.asyncDispose]() {} });
    },
  };`;
  await withFile("p.ts", text, async (cwd) => {
    const secrets: string[] = [];
    await using handle = await setUpModel(model("./p.ts", { keyVariable: "NAMED" }), {
      cwd,
      signal: new AbortController().signal,
      log() {},
      env: (name) => `value of ${name}`,
      onSecret: (value) => secrets.push(value),
    });
    assertEquals(
      handle.resourceId,
      '["value of ASKED","value of A_TOKEN","value of NAMED",null]',
    );
    assertEquals(secrets, ["value of A_TOKEN", "value of NAMED"]);
  });
});

Deno.test("setUpModel() names the model and the cause of a failed setup", async () => {
  const text = `export default { [${BRAND}]: 1, name: "mine", permissions: {},
    setup() { throw Object.assign(new Error("no GPU"), { hint: "Buy one." }); } };`;
  await withFile("p.ts", text, async (cwd) => {
    const setUp = (options: Record<string, ModelOption>) =>
      setUpModel(model("./p.ts#m", { name: "big", ...options }), {
        cwd,
        signal: new AbortController().signal,
        log() {},
        env: () => undefined,
      });
    const error = await assertRejects(() => setUp({}), DotevalsError);
    assertEquals(error.message, 'The model "big" (./p.ts#m) could not be set up: no GPU.');
    assertEquals([error.hint, error.exitCode], ["Buy one.", 3]);
    assert(error.cause instanceof Error);
    const options = await assertRejects(() => setUp({ x: 1 }), DotevalsError);
    assertStringIncludes(options.message, '"x": the provider takes no options');
  });
});

Deno.test("setUpModel() takes a module without imports, and tears it down once", async () => {
  const text = `let ended = 0;
  export default {
    [${BRAND}]: 1, name: "plain", permissions: {},
    setup: (spec) => ({
      resourceId: "plain:" + spec,
      model: { generate: async () => ({ text: String(ended) }) },
      teardown() { ended++; if (this.resourceId !== "plain:m") throw new Error("no this"); },
    }),
  };`;
  await withFile("plain.js", text, async (cwd) => {
    const handle = await setUpModel(model("./plain.js#m"), surroundings(cwd));
    assertEquals(handle.resourceId, "plain:m");
    await handle.teardown();
    await handle.teardown();
    await handle[Symbol.asyncDispose]();
    assertEquals((await handle.model.generate("how often?")).text, "1");
  });
});

Deno.test("setUpModel() names the part of a handle that is not as it must be", async () => {
  const generate = "generate: async () => ({ text: '' })";
  const cases = [
    ["5", "no model handle"],
    ["{}", '"resourceId" is no text'],
    ['{ resourceId: "r" }', 'without a "model"'],
    ['{ resourceId: "r", model: {} }', 'without a function "generate"'],
    [`{ resourceId: "r", model: { ${generate}, embed: 5 } }`, '"embed" is no function'],
    [`{ resourceId: "r", model: { ${generate} }, load: 5 }`, '"load" is no function'],
    [`{ resourceId: "r", model: { ${generate} } }`, 'without a function "teardown"'],
  ] as const;
  for (const [index, [handle, message]] of cases.entries()) {
    const text = `export default {
      [${BRAND}]: 1, name: "plain", permissions: {}, setup: () => (${handle}),
    };`;
    await withFile(`h${index}.js`, text, async (cwd) => {
      await assertRejects(
        () => setUpModel(model(`./h${index}.js`), surroundings(cwd)),
        DotevalsError,
        message,
      );
    });
  }
});

function surroundings(cwd: string): SetUpOptions {
  return { cwd, signal: new AbortController().signal, log() {}, env: () => undefined };
}
