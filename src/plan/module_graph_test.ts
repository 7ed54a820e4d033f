import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path/join";
import { toFileUrl } from "@std/path/to-file-url";
import { ModuleGraphs } from "./module_graph.ts";

async function project(files: Readonly<Record<string, string>>) {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(folder, name), text);
  }
  const url = (name: string) => toFileUrl(join(folder, name)).href;
  return { folder, url, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

Deno.test("a module's graph is its local modules, with a digest of each", async () => {
  await using made = await project({
    "a b.ts": 'import "./b.ts"; import type { T } from "./types.ts"; export const t: T = 1;',
    "b.ts": 'import "./a b.ts"; export const b = 1;',
    "types.ts": "export type T = number;",
    "other.ts": "export const other = 1;",
  });
  const graphs = new ModuleGraphs();
  graphs.prepare([made.url("a b.ts")]);
  const modules = await graphs.localModules(made.url("a b.ts"));
  assertEquals([...modules.keys()].toSorted(), [made.url("a b.ts"), made.url("b.ts")].toSorted());
  const before = modules.get(made.url("b.ts"));
  await Deno.writeTextFile(join(made.folder, "b.ts"), "export const b = 2;");
  const after = await new ModuleGraphs().localModules(made.url("a b.ts"));
  assertNotEquals(after.get(made.url("b.ts")), before);
});

Deno.test("a module that was not prepared is read when it is asked for", async () => {
  await using made = await project({ "one.ts": "", "two.ts": 'import "./one.ts";' });
  const graphs = new ModuleGraphs();
  graphs.prepare([made.url("one.ts")]);
  assertEquals((await graphs.localModules(made.url("two.ts"))).size, 2);
});

Deno.test("dotevals itself is no part of a graph", async () => {
  const url = new URL("../../tests/fixtures/basic/sums.eval.ts", import.meta.url).href;
  assertEquals([...(await new ModuleGraphs().localModules(url)).keys()], [url]);
});
