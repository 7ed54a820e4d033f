import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { pluginPlace, pluginText } from "../../src/providers/sandbox/testing/plugin_place.ts";
import { workplace } from "../cli/command.ts";
import { type Finished, finished } from "../finished.ts";

const SECRET = "secret-in-a-pipe";

/** Reads the descriptor 9, of which nobody told it. */
const READS = `const { Socket } = await import("node:net");
  const text = await new Promise((resolve, reject) => {
    const socket = new Socket({ fd: 9, writable: false });
    socket.on("data", (bytes) => { socket.destroy(); resolve(String(bytes)); });
    socket.on("error", reject);
  });`;

/** Runs Deno in a folder, with a pipe left open at the descriptor 9 that holds the secret. */
async function withPipe(cwd: string, args: readonly string[]): Promise<Finished> {
  const process = new Deno.Command("sh", {
    args: ["-c", 'exec "$0" "$@" 9<&0 </dev/null', Deno.execPath(), "run", "-A", ...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(SECRET));
  const ended = await finished(process);
  await writer.close().catch(() => {});
  return ended;
}

Deno.test({
  name: "a pipe that was left open for dotevals is not open for a plugin",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using place = await workplace();
    const free = `data:text/javascript,${encodeURIComponent(`${READS} console.log(text);`)}`;
    const read = await withPipe(place.folder, [free]);
    assertStringIncludes(read.stdout, SECRET, read.stderr);

    await using plugin = await pluginPlace({
      "/plugin.js": pluginText(`${READS} return { text };`),
    });
    await place.write(
      "evals/reads.eval.ts",
      `import { exactMatch, foreach } from "${import.meta.resolve("../../mod.ts")}";
      export const reads = foreach("text", [["x"]], { retry: { maxAttempts: 1 } }, async ({ text }, { model }) =>
        exactMatch((await model.generate(text)).text, text));`,
    );
    const cli = fromFileUrl(import.meta.resolve("../../cli.ts"));
    const added = await withPipe(place.folder, [cli, "providers", "add", plugin.url, "--yes"]);
    assertEquals(added.code, 0, added.stderr);
    const options = ["--experiment", "e", "--model", `${plugin.url}#m`];
    const ran = await withPipe(place.folder, [cli, "run", "evals/", ...options]);
    assertEquals(ran.code, 1, ran.stderr);
    const shown = await place.dotevals("show", "e", "--json", "--full");
    assertEquals(shown.stdout.includes(SECRET), false);
    assertStringIncludes(shown.stdout, '"errors": 1');
  },
});
