/**
 * What dotevals itself takes: items/s of a function that does nothing, the time of `--help`, and
 * of a run of one item; each beside a calibration of the same run.
 *
 *     deno run -A bench/overhead.ts
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { figure, median } from "./_figures.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const ROWS = 100_000;
const TIMES = 5;

/** Seconds that a Deno process takes from start to end. */
async function seconds(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const start = performance.now();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env,
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return (performance.now() - start) / 1000;
}

async function run(file: string, env: Record<string, string> = {}): Promise<number> {
  const folder = await Deno.makeTempDir();
  try {
    const storage = `file:${folder}/bench.db`;
    const args = ["run", "-A", "cli.ts", "run", file, "--storage", storage, "--quiet"];
    return await seconds(args, env);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const empty: number[] = [];
const help: number[] = [];
const one: number[] = [];
const many: number[] = [];
for (let time = 0; time < TIMES; time++) {
  empty.push(await seconds(["eval", ""]));
  help.push(await seconds(["run", "-A", "cli.ts", "--help"]));
  one.push(await run("bench/evals/one.eval.ts"));
  many.push(await run("bench/evals/nothing.eval.ts", { ROWS: String(ROWS) }));
}
figure("deno eval ''", median(empty), "s");
figure("--help", median(help), "s");
figure("--help, over deno eval ''", median(help) / median(empty), "times");
figure("run of one item", median(one), "s");
figure("run of one item, over deno eval ''", median(one) / median(empty), "times");
figure(`run of ${ROWS} items that do nothing`, median(many), "s");
figure("items that do nothing, start-up included", ROWS / median(many), "items/s");
figure("items that do nothing, start-up left out", ROWS / (median(many) - median(one)), "items/s");
