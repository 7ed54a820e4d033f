import { dirname } from "@std/path/dirname";
import { testEnvironment } from "../../tasks/test_environment.ts";
import { type Finished, finished } from "../finished.ts";

/** Where and with what a `deno` command runs. */
export interface DenoOptions {
  readonly cwd: string | URL;
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `deno` with `args`, without a terminal and without what would lead to a user's own accounts. */
export async function deno(args: readonly string[], options: DenoOptions): Promise<Finished> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: options.cwd,
    clearEnv: true,
    env: { ...testEnvironment(), ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return await finished(process);
}

/** Publishes the package in `folder` to the registry at `url`. */
export async function publish(folder: string | URL, url: string): Promise<void> {
  const { code, stderr } = await deno(
    ["publish", "--token", "any", "--allow-dirty", "--no-check"],
    { cwd: folder, env: { JSR_URL: url } },
  );
  if (code !== 0) throw new Error(`deno publish in ${folder} ended with ${code}:\n${stderr}`);
}

/** Writes files, by path below `folder`, and the folders that they need. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
}
