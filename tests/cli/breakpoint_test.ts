import { assertEquals } from "@std/assert";
import { freePort } from "../../src/testing/free_port.ts";
import { finished, readUntil, workplace } from "./command.ts";

Deno.test("a breakpoint in an evaluation stops there, and no timeout runs on", async () => {
  await using place = await workplace();
  const core = new URL("../../mod.ts", import.meta.url).href;
  const file = await place.write(
    "stops.eval.ts",
    `import { exactMatch, foreach } from "${core}";
export const stops = foreach("n", [1], { timeout: 400 }, async ({ n }, { signal }) => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  debugger;
  await new Promise((resolve) => setTimeout(resolve, 1));
  return exactMatch(signal.aborted ? "aborted" : n, 1);
});\n`,
  );
  const port = freePort();
  const run = place.start(["run", file, "--reporter", "json"], {
    flags: [`--inspect-brk=127.0.0.1:${port}`],
  });
  await readUntil(run.stderr, "ws://");
  const [target] = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const scripts = new Map<string, string>();
  const paused: string[] = [];
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  let id = 0;
  const send = (method: string) => socket.send(JSON.stringify({ id: ++id, method }));
  const ended = new Promise((resolve) => socket.addEventListener("close", resolve));
  socket.addEventListener("message", ({ data }) => {
    const { method, params } = JSON.parse(data);
    // Deno ends only once no debugger is connected.
    if (method === "Runtime.executionContextDestroyed") socket.close();
    if (method === "Debugger.scriptParsed") scripts.set(params.scriptId, params.url);
    if (method !== "Debugger.paused") return;
    const url = scripts.get(params.callFrames[0].location.scriptId) ?? "";
    paused.push(url);
    // Held for longer than the timeout, and longer than any step between two looks at the clock.
    const hold = url.endsWith("stops.eval.ts") ? 2000 : 0;
    setTimeout(() => send("Debugger.resume"), hold);
  });
  for (const method of ["Runtime.enable", "Debugger.enable", "Runtime.runIfWaitingForDebugger"]) {
    send(method);
  }
  const { code, stdout, stderr } = await finished(run);
  await ended;
  assertEquals(code, 0, stderr);
  assertEquals(paused.filter((url) => url.endsWith("stops.eval.ts")).length, 1);
  const [{ errors, metrics }] = JSON.parse(stdout).evaluations;
  assertEquals([errors, metrics.exactMatch.accuracy], [0, 1]);
});
