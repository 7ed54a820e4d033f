import { assertEquals } from "@std/assert";
import { programOf, wantsColor } from "./terminal.ts";

Deno.test("wantsColor() honours NO_COLOR, dumb terminals and pipes", () => {
  const env = (set: Record<string, string>) => (name: string) => set[name];
  assertEquals(wantsColor(true, env({})), true);
  assertEquals(wantsColor(true, env({ NO_COLOR: "1" })), false);
  assertEquals(wantsColor(true, env({ NO_COLOR: "" })), true);
  assertEquals(wantsColor(true, env({ TERM: "dumb" })), false);
  assertEquals(wantsColor(false, env({})), false);
});

Deno.test("programOf() is what to write in a shell to run the command again", () => {
  const jsr = programOf("https://jsr.io/@dotevals/cli/0.1.0/mod.ts", "/home/me");
  assertEquals(jsr, "deno run -A jsr:@dotevals/cli");
  assertEquals(programOf("file:///home/me/dot/cli.ts", "/home/me"), "deno run -A dot/cli.ts");
  assertEquals(
    programOf("file:///opt/dot%20evals/cli.ts", "/home/me"),
    "deno run -A '/opt/dot evals/cli.ts'",
  );
});

Deno.test("systemIo() ends quietly when nobody reads its output any more", async () => {
  const terminal = new URL("./terminal.ts", import.meta.url).href;
  const command = new URL("./command.ts", import.meta.url).href;
  const code = `
    import { systemIo } from ${JSON.stringify(terminal)};
    import { OutputClosedError } from ${JSON.stringify(command)};
    const io = systemIo({ debug: false });
    try {
      while (true) io.stdout.write("line\\n".repeat(1000));
    } catch (error) {
      io.stderr.write(String(error instanceof OutputClosedError));
    }`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    cwd: new URL("../..", import.meta.url),
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const stderr = await new Response(child.stderr).text();
  assertEquals(stderr, "true");
  assertEquals((await child.status).success, true);
});
