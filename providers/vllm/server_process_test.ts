import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { startServer } from "./start_server.ts";
import type { StartedServer } from "./start_server.ts";
import { isRunning, running } from "./testing/process_state.ts";
import { type StandIn, standIn } from "./testing/stand_in.ts";

async function start(vllm: StandIn): Promise<StartedServer> {
  return await startServer({
    model: "m",
    command: vllm.command,
    flags: [],
    key: undefined,
    startTimeoutMs: 60_000,
    signal: new AbortController().signal,
    log() {},
  });
}

Deno.test("a server that ignores SIGTERM is killed, with an engine in another session", async () => {
  await using vllm = await standIn({ stubborn: "both", engineSession: true });
  const { process } = await start(vllm);
  const pids = (await vllm.started()).flatMap(({ server, engine }) => [server, engine]);
  assertEquals(await running(pids), pids);
  await Promise.all([process.end(200), process.end(200)]);
  assertEquals(process.status?.signal, "SIGKILL");
  assertEquals(await running([...pids, process.watchdogPid]), []);
});

Deno.test("a watchdog that is killed is replaced, and the new one ends the server", async () => {
  await using vllm = await standIn();
  const { process } = await start(vllm);
  const first = process.watchdogPid;
  Deno.kill(first, "SIGKILL");
  while (process.watchdogPid === first) await new Promise((resolve) => setTimeout(resolve, 5));
  const second = process.watchdogPid;
  assertNotEquals(first, second);
  assert(await isRunning(second));
  await process.end(0);
  const pids = (await vllm.started()).flatMap(({ server, engine }) => [server, engine]);
  assertEquals(await running([...pids, second]), []);
});

Deno.test("the server is in no process group that Ctrl-C reaches", async () => {
  await using vllm = await standIn();
  const { process } = await start(vllm);
  const groups = await Promise.all(["self", process.pid, process.watchdogPid].map(groupOf));
  await process.end(0);
  assertEquals(new Set(groups).size, 3);
});

/** The process group, the fifth field of `stat`; the second may hold blanks. */
async function groupOf(process: string | number): Promise<string | undefined> {
  const stat = await Deno.readTextFile(`/proc/${process}/stat`);
  return stat.slice(stat.lastIndexOf(")")).split(" ")[3];
}
