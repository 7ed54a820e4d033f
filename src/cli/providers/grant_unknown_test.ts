import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../clock.ts";
import { DotevalsError } from "../../errors.ts";
import { readLock } from "../../providers/lock/lock_file.ts";
import { foreach } from "../../evaluation/foreach.ts";
import { model, type ModelSpec } from "../../providers/model_spec.ts";
import { loadProvider } from "../../providers/registry.ts";
import { pluginPlace, pluginText } from "../../providers/sandbox/testing/plugin_place.ts";
import { fakeIo } from "../testing/fake_io.ts";
import { grantUnknown } from "./grant_unknown.ts";
import { pluginsInCode } from "./plugins_in_code.ts";

const ASKING = pluginText("", { fields: 'permissions: { net: ["api.acme.test"] },' });

Deno.test("on a terminal, run shows what an unknown plugin asks for, and takes yes for an answer", async () => {
  await using place = await pluginPlace({ "/plugin.js": ASKING });
  const io = { ...fakeIo({ answers: [true] }), cwd: place.folder, clock: systemClock };
  await grantUnknown([model("echo:"), model(`${place.url}#a`), model(`${place.url}#b`)], io);
  assertEquals(io.questions, ["Grant it?"]);
  assertStringIncludes(io.err(), "asks for the hosts api.acme.test:443");
  const locked = (await readLock(place.folder)).get(place.url);
  assertEquals(locked?.grant, { net: ["api.acme.test:443"], env: [] });
  await grantUnknown([model(`${place.url}#a`)], io);
  assertEquals(io.questions.length, 1);
});

Deno.test("on a terminal, no leaves a plugin without a grant, and nothing of it behind", async () => {
  await using place = await pluginPlace({ "/plugin.js": ASKING });
  const io = { ...fakeIo({ answers: [false] }), cwd: place.folder, clock: systemClock };
  await grantUnknown([model(`${place.url}#a`)], io);
  assertStringIncludes(io.err(), "Nothing was granted.");
  const error = await assertRejects(
    () => loadProvider(`${place.url}#a`, { cwd: place.folder }),
    DotevalsError,
  );
  assertEquals(error.code, "provider-not-granted");
  const left = await Array.fromAsync(Deno.readDir(`${place.folder}/.dotevals/providers`));
  assertEquals(left, []);
});

Deno.test("plugins that evaluations name are asked about, where no option takes their place", () => {
  const named = (model: string | readonly string[]) => ({
    evaluation: foreach("text", ["a"], { model }, () => []),
    name: "e",
    file: undefined,
  });
  const selected = [named("https://h/a.ts#m"), named(["echo:", "jsr:@a/p#m"])];
  const specs = (models: readonly ModelSpec[]) =>
    pluginsInCode(selected, models).map(({ spec }) => spec);
  assertEquals(specs([]), ["https://h/a.ts#m", "jsr:@a/p#m"]);
  assertEquals(specs([model("echo:")]), []);
});

Deno.test("without a terminal nothing is downloaded", async () => {
  await using place = await pluginPlace({ "/plugin.js": ASKING });
  await grantUnknown([model(`${place.url}#a`)], { ...fakeIo(), cwd: place.folder });
  assertEquals(place.server.requests, []);
});
