import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isRunning } from "../../providers/vllm/testing/process_state.ts";
import { pluginPlace, pluginText } from "../../src/providers/sandbox/testing/plugin_place.ts";
import { finished, workplace } from "../cli/command.ts";

/** What is promised: a plugin's process is gone so many milliseconds after the control plane's. */
const PROMISED_MS = 5000;

const EVALUATION = `import { foreach } from "${import.meta.resolve("../../mod.ts")}";
export const asks = foreach("text", [["x"]], async ({ text }, { model }) => {
  await model.generate(text);
});
`;

/** Says its process's id before it does anything else. */
const SAYS_PID = `console.error("pid " + Deno.pid + ".");`;

/** Starts a run whose plugin does `generate` at its one call; resolves once it says its pid. */
async function startedRun(generate: string) {
  await using made = new AsyncDisposableStack();
  const place = made.use(await workplace());
  const plugin = made.use(await pluginPlace({ "/plugin.js": pluginText(SAYS_PID + generate) }));
  await place.write("evals/asks.eval.ts", EVALUATION);
  const added = await place.dotevals("providers", "add", plugin.url, "--yes");
  assertEquals(added.code, 0, added.stderr);
  const model = ["--model", `${plugin.url}#m`, "--experiment", "e"];
  const process = place.start(["run", "evals/", ...model, "--log", "log.jsonl"]);
  const output = finished(process);
  const log = () => Deno.readTextFile(`${place.folder}/log.jsonl`).catch(() => "");
  let pid: string | undefined;
  while (pid === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    pid = /pid (\d+)\./.exec(await log())?.[1];
  }
  const whole = made.move();
  return {
    process,
    output,
    log,
    pid: Number(pid),
    [Symbol.asyncDispose]: () => whole[Symbol.asyncDispose](),
  };
}

async function goneInTime(pid: number): Promise<boolean> {
  const deadline = performance.now() + PROMISED_MS;
  while (await isRunning(pid)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

for (
  const [what, code] of [
    ["spins", "for (;;);"],
    ["waits", "await new Promise(() => setInterval(() => {}, 1000));"],
  ] as const
) {
  Deno.test(`a plugin that ${what} is gone in time when the control plane is killed`, async () => {
    await using run = await startedRun(code);
    assert(await isRunning(run.pid));
    run.process.kill("SIGKILL");
    assertEquals((await run.output).code, 137);
    assert(await goneInTime(run.pid), `the plugin's process ${run.pid} is still there`);
  });
}

Deno.test("a watchdog that is killed is replaced, and the new one ends a plugin that spins", async () => {
  await using run = await startedRun("for (;;);");
  const first = await watchdogOf(run.pid);
  Deno.kill(first, "SIGKILL");
  const second = await watchdogOf(run.pid, first);
  assert(await isRunning(run.pid));
  run.process.kill("SIGKILL");
  await run.output;
  assert(await goneInTime(run.pid), `the plugin's process ${run.pid} is still there`);
  while (await isRunning(second)) await new Promise((resolve) => setTimeout(resolve, 10));
});

Deno.test("a plugin whose watchdogs are killed again and again is ended, and says why", async () => {
  await using place = await pluginPlace({
    "/plugin.js": pluginText("return await new Promise(() => setInterval(() => {}, 1000));", {
      setup: 'context.log("info", "pid " + Deno.pid + ".");',
    }),
  });
  await place.lock();
  await using handle = await place.setUp();
  const pid = Number(/pid (\d+)\./.exec(place.log.join())?.[1]);
  const call = handle.model.generate("x").then(() => "", String);
  for (let watchdog = NaN; await isRunning(pid);) {
    watchdog = await watchdogOf(pid, watchdog);
    if (Number.isNaN(watchdog)) break;
    Deno.kill(watchdog, "SIGKILL");
  }
  assertStringIncludes(await call, "nothing watches over it any more");
});

Deno.test("Ctrl-C reaches the control plane, and not the plugin", async () => {
  await using run = await startedRun(`
    Deno.addSignalListener("SIGINT", () => context.log("error", "the plugin saw it"));
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    context.log("warn", "aborted"); throw signal.reason;`);
  // A terminal's Ctrl-C goes to the whole process group in its foreground.
  assertEquals(await groupOf(run.pid) === await groupOf(run.process.pid), false);
  run.process.kill("SIGINT");
  while (!(await run.log()).includes("stopping")) await new Promise((r) => setTimeout(r, 10));
  run.process.kill("SIGINT");
  assertEquals((await run.output).code, 130);
  assertEquals((await run.log()).includes("the plugin saw it"), false);
  assert(await goneInTime(run.pid));
});

Deno.test("a plugin's process ignores an interrupt that reaches it", async () => {
  await using place = await pluginPlace({
    "/plugin.js": pluginText("return { text: String(Deno.pid) };"),
  });
  await place.lock();
  await using handle = await place.setUp();
  const { text } = await handle.model.generate("x");
  Deno.kill(Number(text), "SIGINT");
  assertEquals((await handle.model.generate("x")).text, text);
});

/** The process group of a process. */
async function groupOf(pid: number): Promise<string | undefined> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2];
}

/** The process that watches over another one, past the one that was known; NaN once there is none to watch over. */
async function watchdogOf(pid: number, known?: number): Promise<number> {
  while (await isRunning(pid)) {
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(name) || Number(name) === known) continue;
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
      if (command.includes(`\0dotevals-watchdog\0${pid}\0`)) return Number(name);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return NaN;
}
