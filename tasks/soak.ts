/** Runs the long tests: `deno task soak [argument of deno test…]`, those in `tests/soak/`. */
import { print } from "./print.ts";
import { sourceFiles } from "./source_files.ts";

const ROOT = new URL("../", import.meta.url);

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const tests = (await soakFiles()).filter((path) => path.endsWith("_test.ts"));
  if (tests.length === 0) {
    await print("soak: there are no tests in tests/soak/");
    return 0;
  }
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", ...args, ...tests],
    cwd: ROOT,
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return code;
}

async function soakFiles(): Promise<string[]> {
  try {
    return await sourceFiles("tests/soak", ROOT);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
