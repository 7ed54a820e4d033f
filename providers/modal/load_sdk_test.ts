import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { finished } from "../../tests/finished.ts";

Deno.test("loadSdk() resolves the SDK for somebody who has no lock file", async () => {
  const file = new URL("load_sdk.ts", import.meta.url).href;
  const code = `import { loadSdk } from ${JSON.stringify(file)};
    const { ModalClient } = await loadSdk();
    console.log(new ModalClient({ tokenId: "a", tokenSecret: "b" }).version());`;
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", "--quiet", "--config", config, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = process.stdin.getWriter();
  await input.write(new TextEncoder().encode(code));
  await input.close();
  const { stdout, stderr } = await finished(process);
  assertEquals(/^0\.11\.\d+$/m.test(stdout), true, stderr);
});
