import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { running } from "../../providers/vllm/testing/process_state.ts";
import {
  open,
  type StandIn,
  standIn,
  type StandInProcesses,
} from "../../providers/vllm/testing/stand_in.ts";
import { finished, fixturePath } from "../cli/command.ts";

/** What the provider promises: nothing of vllm is there any more after so many milliseconds. */
const PROMISED_MS = 5000;

const CLI = join(import.meta.dirname ?? "", "..", "..", "cli.ts");

/** A run whose model is the stand-in, in a process group of its own, as a shell starts it. */
function startRun(vllm: StandIn): Deno.ChildProcess {
  const run = [fixturePath("echoing"), "--experiment", "e", "--model", "vllm:m"];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLI, "run", ...run],
    cwd: vllm.folder,
    env: { NO_COLOR: "1", PATH: `${vllm.folder}:${Deno.env.get("PATH")}` },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The stand-in's processes, once there are some. */
async function loading(vllm: StandIn): Promise<StandInProcesses> {
  await until(async () => (await vllm.started()).length > 0);
  const [first] = await vllm.started();
  assert(first);
  return first;
}

/** The stand-in's processes, once it works on requests. */
async function serving(vllm: StandIn): Promise<StandInProcesses> {
  const processes = await loading(vllm);
  await until(async () => {
    const metrics = await fetch(`http://127.0.0.1:${processes.port}/metrics`)
      .then((response) => response.text(), () => "");
    return /num_requests_running\{.*\} 4/.test(metrics);
  });
  return processes;
}

/** Waits until the processes are gone, but no longer than promised; returns those that are not. */
async function leftOf({ server, engine }: StandInProcesses): Promise<readonly number[]> {
  const deadline = performance.now() + PROMISED_MS;
  let left = await running([server, engine]);
  while (left.length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    left = await running(left);
  }
  return left;
}

for (const engineSession of [false, true]) {
  const where = engineSession ? "another session" : "its session";

  Deno.test(`SIGKILL while vllm loads leaves neither vllm nor its engine in ${where}`, async () => {
    await using vllm = await standIn((gate) => ({
      loadGate: gate("never"),
      stubborn: "both",
      engineSession,
    }));
    const run = startRun(vllm);
    const processes = await loading(vllm);
    assertEquals((await running([processes.server, processes.engine])).length, 2);
    run.kill("SIGKILL");
    assertEquals(await leftOf(processes), []);
    await finished(run);
  });

  Deno.test(`SIGKILL while vllm serves leaves neither vllm nor its engine in ${where}`, async () => {
    await using vllm = await standIn((gate) => ({
      answerGate: gate("never"),
      stubborn: "both",
      engineSession,
    }));
    const run = startRun(vllm);
    const processes = await serving(vllm);
    run.kill("SIGKILL");
    assertEquals(await leftOf(processes), []);
    await finished(run);
  });
}

Deno.test("Ctrl-C does not reach vllm before the items in flight have come to their end", async () => {
  await using vllm = await standIn((gate) => ({ answerGate: gate("answer") }));
  const run = startRun(vllm);
  const processes = await serving(vllm);
  Deno.kill(-run.pid, "SIGINT");
  const output = finished(run);
  await open(vllm.gate("answer"));
  const { code, stderr } = await output;
  assertEquals(code, 130, stderr);
  assertStringIncludes(stderr, "Interrupted; 4 items are recorded.");
  assertEquals((await vllm.started()).length, 1, "vllm died and was started again");
  assertEquals(await leftOf(processes), []);
});

Deno.test("Ctrl-C twice ends dotevals at once, and vllm within the promised time", async () => {
  await using vllm = await standIn((gate) => ({ answerGate: gate("never"), stubborn: "both" }));
  const run = startRun(vllm);
  const processes = await serving(vllm);
  Deno.kill(-run.pid, "SIGINT");
  Deno.kill(-run.pid, "SIGTERM");
  assertEquals((await finished(run)).code, 130);
  assertEquals(await leftOf(processes), []);
});
