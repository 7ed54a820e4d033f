/**
 * Runs the benchmarks: `deno task bench [part of a name…]`. Each script in `bench/` prints its figures as
 * JSON lines, `{"name": "…", "value": 1, "unit": "…"}`; all of them go to `bench/figures.json`. What else
 * it prints, a table say, is shown below them.
 */
import { print } from "./print.ts";

interface Figure {
  readonly script: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const BENCH = new URL("../bench/", import.meta.url);

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(only: readonly string[]): Promise<number> {
  const figures: Figure[] = [];
  let failed = 0;
  for (const script of await scripts(only)) {
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL(script, BENCH).pathname],
      cwd: new URL("../", BENCH),
      stderr: "inherit",
    }).output();
    if (!output.success) failed++;
    await print(`${script}: ${output.success ? "ok" : "FAILED"}`);
    const lines = new TextDecoder().decode(output.stdout).trimEnd().split("\n");
    for (const figure of figuresOf(script, lines)) {
      figures.push(figure);
      await print(`  ${figure.name}: ${figure.value.toLocaleString("en")} ${figure.unit}`);
    }
    for (const line of lines.filter((line) => !line.startsWith("{"))) await print(`  ${line}`);
  }
  await Deno.writeTextFile(
    new URL("figures.json", BENCH),
    `${
      JSON.stringify(
        { deno: Deno.version.deno, cores: navigator.hardwareConcurrency, figures },
        null,
        2,
      )
    }\n`,
  );
  return failed === 0 ? 0 : 1;
}

/** The benchmarks' file names; a leading underscore marks what they share. */
async function scripts(only: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(BENCH)) {
    const chosen = only.length === 0 || only.some((part) => name.includes(part));
    if (isFile && chosen && /^[^_].*\.ts$/.test(name) && !name.endsWith("_test.ts")) {
      names.push(name);
    }
  }
  return names.sort();
}

function figuresOf(script: string, lines: readonly string[]): Figure[] {
  return lines
    .filter((line) => line.startsWith("{"))
    .map((line) => ({ script, ...JSON.parse(line) }));
}
