/**
 * How near a whole run of the real command comes to N·L/C: N items of a model that takes L, C of
 * them in flight. The `openai` provider over HTTP, a database file, progress: all as a user has it,
 * and every row and every request counted afterwards. Beside it a bare `fetch` loop.
 *
 *     deno run -A bench/throughput.ts [rounds]
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";
import { TextLineStream } from "@std/streams/text-line-stream";
import { DatabaseSync } from "node:sqlite";
import type { Counts } from "./_counting_endpoint.ts";
import { figure, median } from "./_figures.ts";
import { type Measured, measured } from "./_measured.ts";

interface Load {
  readonly items: number;
  readonly delayMs: number;
  readonly concurrency: number;
  /** Times N·L/C that it should take at most. */
  readonly goal: number;
}

const LOADS: readonly Load[] = [
  { items: 1_000, delayMs: 200, concurrency: 100, goal: 1.25 },
  { items: 10_000, delayMs: 200, concurrency: 100, goal: 1.05 },
  { items: 1_000, delayMs: 200, concurrency: 1_000, goal: 5 },
  { items: 10_000, delayMs: 200, concurrency: 1_000, goal: 1.6 },
  { items: 10_000, delayMs: 50, concurrency: 100, goal: 1.15 },
  { items: 1, delayMs: 200, concurrency: 1, goal: 2.2 },
];

const HEAD = [
  ...["N", "L", "C", "to reach", "times N·L/C", "bare `fetch` loop"],
  ...["CPU per 1,000 items", "peak memory", "recorded latency over the server's"],
];

/** What a call's recorded latency may be of the server's own, with 100 in flight. */
const MOST_LATENCY = 1.05;

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const ROUNDS = Number(Deno.args[0] ?? 3);

const RECORDED = `SELECT count(*) AS rows, count(DISTINCT key) AS keys, count(error_name) AS errors,
  (SELECT count(*) FROM calls) AS calls, (SELECT sum(number) FROM scores) AS right FROM items`;

const LATENCY = "SELECT latency_ms FROM calls ORDER BY latency_ms LIMIT 1 OFFSET ?";

/** One run of the command. */
interface CommandRun extends Measured {
  /** The recorded latency of a call, in the middle, over that of the server. */
  readonly latency: number;
}

/** What the rounds of one load came to, in the middle. */
interface Comparison {
  readonly load: Load;
  /** Times N·L/C. */
  readonly ratio: number;
  /** The same of the bare loop. */
  readonly loop: number;
  /** Seconds of processors per 1,000 items. */
  readonly cpu: number;
  /** MB. */
  readonly memory: number;
  readonly latency: number;
}

interface Endpoint extends Disposable {
  readonly url: string;
  /** What it was asked since the last look. */
  counts(): Promise<Counts>;
}

const compared: Comparison[] = [];
for (const load of LOADS) compared.push(await compare(load));
printTable(compared);
for (const { load: { items, delayMs, concurrency }, latency } of compared) {
  const isSteady = items >= 10_000 && delayMs >= 200 && concurrency <= 100;
  if (isSteady && latency > MOST_LATENCY) {
    throw new Error(`a call of ${delayMs} ms is recorded with ${latency.toFixed(2)} times that`);
  }
}

/** The command and the loop in turn, so that both feel what else the machine does. */
async function compare(load: Load): Promise<Comparison> {
  const { items, delayMs, concurrency, goal } = load;
  using endpoint = await startEndpoint(delayMs);
  const runs: CommandRun[] = [];
  const loops: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    loops.push(await runLoop(endpoint, load));
    runs.push(await runCommand(endpoint, load));
  }
  const least = items * delayMs / concurrency / 1000;
  const middle = (of: (run: CommandRun) => number) => median(runs.map(of));
  const found = {
    load,
    ratio: middle(({ seconds }) => seconds) / least,
    loop: median(loops.map(({ seconds }) => seconds)) / least,
    cpu: middle(({ cpuSeconds }) => cpuSeconds) * 1000 / items,
    memory: middle(({ peakBytes }) => peakBytes) / 1e6,
    latency: middle(({ latency }) => latency),
  };
  const name = `N=${items} L=${delayMs} C=${concurrency}`;
  figure(`${name}: over N·L/C (to reach: ${goal})`, found.ratio, "times");
  figure(`${name}: bare fetch loop over N·L/C`, found.loop, "times");
  figure(`${name}: CPU`, found.cpu, "s per 1,000 items");
  figure(`${name}: peak memory`, found.memory, "MB");
  figure(`${name}: recorded latency over the server's own`, found.latency, "times");
  return found;
}

function printTable(rows: readonly Comparison[]): void {
  const lines = rows.map(({ load, ratio, loop, cpu, memory, latency }) => [
    ...[load.items.toLocaleString("en"), `${load.delayMs} ms`],
    ...[load.concurrency.toLocaleString("en"), `≤ ${load.goal}`],
    ...[ratio.toFixed(2), loop.toFixed(2)],
    load.items < 1_000 ? `${(cpu * load.items / 1000).toFixed(2)} s in all` : `${cpu.toFixed(2)} s`,
    ...[`${memory.toFixed(0)} MB`, latency.toFixed(2)],
  ]);
  for (const cells of [HEAD, HEAD.map(() => "---"), ...lines]) {
    // deno-lint-ignore no-console -- what a benchmark is for
    console.log(`| ${cells.join(" | ")} |`);
  }
}

async function runLoop(endpoint: Endpoint, load: Load): Promise<Measured> {
  const { items, concurrency } = load;
  const args = ["run", "-A", "bench/_fetch_loop.ts"];
  const loop = await measured(
    [...args, JSON.stringify({ url: endpoint.url, items, concurrency })],
    { cwd: ROOT },
  );
  assertAsked(await endpoint.counts(), items);
  return loop;
}

async function runCommand(endpoint: Endpoint, load: Load): Promise<CommandRun> {
  const { items, concurrency } = load;
  const folder = await Deno.makeTempDir();
  const file = join(folder, "bench.db");
  try {
    const args = ["run", "-A", "cli.ts", "run", "bench/evals/asking.eval.ts"];
    const run = await measured([
      ...args,
      ...["--model", "openai:m", "--concurrency", `${concurrency}`, "--storage", `file:${file}`],
    ], { cwd: ROOT, env: { ROWS: `${items}`, OPENAI_BASE_URL: endpoint.url } });
    const counts = await endpoint.counts();
    assertAsked(counts, items);
    return { ...run, latency: recordedLatency(file, items) / counts.medianMs };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertAsked({ requests, distinct }: Counts, items: number): void {
  if (requests === items && distinct === items) return;
  throw new Error(`${items} items were asked about by ${requests} requests, ${distinct} different`);
}

/** Counts what was recorded; the latency in the middle, in milliseconds. */
function recordedLatency(file: string, items: number): number {
  using database = new DatabaseSync(file, { readOnly: true });
  const [counts] = database.prepare(RECORDED).all();
  const found = JSON.stringify(counts);
  const expected = JSON.stringify({
    rows: items,
    keys: items,
    errors: 0,
    calls: items,
    right: items,
  });
  if (found !== expected) throw new Error(`recorded: ${found}, and not ${expected}`);
  return Number(database.prepare(LATENCY).get(items >> 1)?.latency_ms);
}

async function startEndpoint(delayMs: number): Promise<Endpoint> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(ROOT, "bench/_counting_endpoint.ts"), JSON.stringify({ delayMs })],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  const { value: port } = await lines.getReader().read();
  const url = `http://127.0.0.1:${port}/v1`;
  return {
    url,
    counts: async () => await (await fetch(url)).json(),
    [Symbol.dispose]: () => process.kill(),
  };
}
