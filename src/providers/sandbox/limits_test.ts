import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../../errors.ts";
import type { Model } from "../model.ts";
import { ProviderCrashError } from "../model_error.ts";
import type { SandboxLimits } from "./limits.ts";
import { type PluginPlace, pluginPlace, pluginText } from "./testing/plugin_place.ts";

/** What each misbehaving plugin does at the request `"x"`; to any other it answers as it should. */
async function misbehaving(
  code: string,
  limits: Partial<SandboxLimits>,
  use: (model: Model, place: PluginPlace) => Promise<void>,
): Promise<void> {
  const text = pluginText(
    `if (request !== "x") return { text: "well" };
    const send = (text) => output(new TextEncoder().encode(text));
    ${code}`,
    {
      top:
        'const { writeSync } = await import("node:fs"); const output = (bytes) => writeSync(1, bytes);',
    },
  );
  await using place = await pluginPlace({ "/plugin.js": text });
  await place.lock();
  await using handle = await place.setUp({ limits });
  await use(handle.model, place);
}

const FATAL: readonly (readonly [string, string, Partial<SandboxLimits>, string])[] = [
  ["hangs", "for (;;);", { beatMs: 100, missedBeats: 20 }, "it has not answered for 2 s"],
  ["exits", "Deno.exit(0);", {}, "status 0"],
  ["sends what is no JSON", 'send("nonsense\\n");', {}, "it sent what is no message"],
  ["sends JSON that is no answer", 'send("[1]\\n");', {}, "it sent what is no answer"],
  [
    "sends a huge message",
    'send("y".repeat(70_000));',
    { messageLength: 65_536 },
    "more than 65536",
  ],
  ["answers what nobody asked", 'send(\'{"id":99,"ok":1}\\n\');', {}, "of which there is none"],
  [
    "floods its log",
    'for (;;) console.log("z".repeat(1000));',
    { logDropped: 200_000 },
    "it floods its log",
  ],
  [
    "floods its log with empty lines",
    'for (;;) console.log("");',
    { logDropped: 200_000 },
    "it floods its log",
  ],
  [
    "takes all memory in objects",
    "const all = []; for (;;) all.push(new Array(10_000).fill({}));",
    { heapMb: 64 },
    "it used up its memory",
  ],
  [
    "takes all memory in buffers",
    `const all = [];
     for (;;) { all.push(new Uint8Array(8e6).fill(1)); await new Promise((r) => setTimeout(r, 2)); }`,
    { memoryMb: 400, beatMs: 50, missedBeats: 200 },
    "it uses more than 400 MB",
  ],
];

for (const [what, code, limits, message] of FATAL) {
  Deno.test(`a plugin that ${what} fails its own calls, and its next one is answered`, async () => {
    await misbehaving(code, limits, async (model) => {
      const error = await assertRejects(() => model.generate("x"), ProviderCrashError);
      assertStringIncludes(error.message, message);
      assertEquals(error.retryable, true);
      assertEquals((await model.generate("y")).text, "well");
    });
  });
}

Deno.test("a plugin that answers an id twice is ended, and its next call is answered", async () => {
  const code = `send('{"id":4,"ok":{"text":"1"}}\\n{"id":4,"ok":{"text":"2"}}\\n');`;
  await misbehaving(
    `${code} await new Promise(() => setInterval(() => {}, 1000));`,
    {},
    async (model) => {
      const [other, twice] = await Promise.allSettled([model.generate("x"), model.generate("x")]);
      assertEquals(twice.status, "fulfilled");
      assert(other.status === "rejected" && other.reason instanceof ProviderCrashError);
      assertStringIncludes(other.reason.message, "it answered call 4 twice");
      assertEquals((await model.generate("y")).text, "well");
    },
  );
});

Deno.test("a plugin that does not start is ended in time", async () => {
  await using place = await pluginPlace({
    "/plugin.js": "await new Promise((r) => setTimeout(r, 1e6));",
  });
  await place.lock();
  const error = await assertRejects(() => place.setUp({ limits: { startMs: 500 } }), DotevalsError);
  assertStringIncludes(error.message, "it had not started after 0.5 s");
});

Deno.test("what a plugin prints is in our log, prefixed with its name, and not too much of it", async () => {
  const code =
    `console.log("to stdout"); console.error("\\x1b[31mto stderr"); context.log("warn", "by log");
    for (let i = 0; i < 50; i++) context.log("info", "line " + i + " " + "z".repeat(100));
    return { text: "well" };`;
  await misbehaving(code, { logPerSecond: 100, logLineLength: 60 }, async (model, place) => {
    await model.generate("x");
    await model.generate("y");
    assert(place.log.includes("warn acme: by log"), place.log.join("\n"));
    while (!place.log.includes("info acme: to stderr")) await new Promise((r) => setTimeout(r, 5));
    assert(place.log.includes("info acme: to stdout"));
    assert(place.log.every((line) => line.length <= 60 + "warn acme: ".length));
    assert(place.log.length < 30, String(place.log.length));
  });
});

/** Lines that no boot module writes: a plugin can, since the pipe is open to its process. */
const FORGED: readonly (readonly [line: string, message: string])[] = [
  ["", "it sent what is no message"],
  ["\\0", "it sent what is no message"],
  ["null", "it sent what is no answer"],
  ['{"ok":{"text":"forged"}}', "it sent what is no answer"],
  ['{"id":"3","ok":{"text":"forged"}}', "it sent what is no answer"],
  ['{"id":"__proto__","ok":{"text":"forged"}}', "it sent what is no answer"],
  ['{"id":0,"ok":1}', "of which there is none"],
  ['{"id":-1,"ok":1}', "of which there is none"],
  ['{"id":1e999,"ok":1}', "of which there is none"],
  ['{"id":4,"ok":{"text":"before it was asked"}}', "of which there is none"],
  ['{"id":2,"ok":{"resourceId":"another"}}', "it answered call 2 twice"],
  ['{"id":3,"ok":{"$bytes":"!"}}', "it sent what is no message"],
  ['{"log":{"toString":1},"text":"a"}', "it sent what is no answer"],
  ['{"log":"info","text":{"toString":1}}', "it sent what is no answer"],
  [`{"id":3,"ok":{"$":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`, "it sent what is no message"],
];

Deno.test("a plugin that forges lines of the protocol fails its own calls, and says which line", async (t) => {
  for (const [line, message] of FORGED) {
    await t.step(line.slice(0, 60) || "an empty line", async () => {
      const code = `send('${line}\\n'); await new Promise(() => setInterval(() => {}, 1000));`;
      await misbehaving(code, {}, async (model) => {
        const error = await assertRejects(() => model.generate("x"), ProviderCrashError);
        assertStringIncludes(error.message, message);
        assertEquals((await model.generate("y")).text, "well");
      });
    });
  }
});

Deno.test("an error that is none is an error all the same, and no longer than it may be", async () => {
  const code = (error: string) =>
    `send('{"id":3,"error":${error}}\\n'); await new Promise(() => {});`;
  for (
    const [error, message] of [
      ["null", "null"],
      ["[]", "an object"],
      ['{"message":{"toString":1}}', "an object"],
      ['{"message":"a","name":{"toString":1},"retryable":"yes","status":"x"}', "a"],
    ] as const
  ) {
    await misbehaving(code(error), {}, async (model) => {
      const thrown = await assertRejects(() => model.generate("x"), Error);
      assertEquals([thrown.message, "retryable" in thrown], [message, false]);
    });
  }
  await misbehaving('throw new Error("z".repeat(1e6));', {}, async (model) => {
    const thrown = await assertRejects(() => model.generate("x"), Error);
    assert(thrown.message.length < 20_000, String(thrown.message.length));
  });
});

Deno.test("an answer with a prototype in it changes nothing here", async () => {
  const code =
    `send('{"id":3,"ok":{"text":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}\\n');
    await new Promise(() => {});`;
  await misbehaving(code, {}, async (model) => {
    const answer = await model.generate("x");
    assertEquals(answer.text, "a");
    assertEquals(Object.keys(answer), ["text", "constructor"]);
    assertEquals(Reflect.get({}, "polluted"), undefined);
  });
});
