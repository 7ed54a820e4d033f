import { assertEquals } from "@std/assert";
import { deno, publish, writeFiles } from "./deno_command.ts";
import { startRegistry } from "./registry.ts";

const PACKAGE = {
  "deno.json": JSON.stringify({
    name: "@probe/core",
    version: "1.2.3",
    license: "MIT",
    exports: { ".": "./mod.ts", "./main": "./main.ts" },
  }),
  "mod.ts": "export const url: string = import.meta.url;\n",
  "src/twice.ts": "export function twice(n: number): number {\n  return n * 2;\n}\n",
  "src/hidden.ts": 'import { twice } from "./twice.ts";\nexport const four: number = twice(2);\n',
  "src/a_folder_of_a_long_name/that_needs_the_long_form_of_names_in_an_archive/as_ustar_has_only_100_bytes.ts":
    "export const long: string = 'long';\n",
  "src/worker.ts": `self.onmessage = (event: MessageEvent) => {
  (self as unknown as Worker).postMessage(event.data + " back");
  self.close();
};
`,
  "main.ts": `const reply = await new Promise((resolve, reject) => {
  const worker = new Worker(new URL("./src/worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = (event) => resolve(event.data);
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage("there and");
});
const hidden = await import(["./src", "hidden.ts"].join("/"));
const long = await import([
  "./src/a_folder_of_a_long_name",
  "that_needs_the_long_form_of_names_in_an_archive",
  "as_ustar_has_only_100_bytes.ts",
].join("/"));
const user = await import(new URL("user.ts", \`file://\${Deno.cwd()}/\`).href);
console.log(JSON.stringify({
  reply,
  four: hidden.four,
  long: long.long,
  same: user.url === import.meta.resolve("./mod.ts"),
}));
`,
};

Deno.test("a published package reaches its own files that it does not export", async () => {
  await using cleanup = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  cleanup.defer(() => Deno.remove(folder, { recursive: true }));
  await using registry = startRegistry();
  await writeFiles(`${folder}/package`, PACKAGE);
  await publish(`${folder}/package`, registry.url);
  assertEquals(registry.find("@probe/core")?.exports, { ".": "./mod.ts", "./main": "./main.ts" });

  await writeFiles(`${folder}/empty`, { "user.ts": 'export { url } from "jsr:@probe/core@^1";\n' });
  const { stdout, stderr } = await deno(["run", "-A", "--quiet", "jsr:@probe/core/main"], {
    cwd: `${folder}/empty`,
    env: { JSR_URL: registry.url, DENO_DIR: `${folder}/deno_dir` },
  });
  assertEquals(stderr, "");
  assertEquals(JSON.parse(stdout), { reply: "there and back", four: 4, long: "long", same: true });
});
