import { type Finished, finished } from "../finished.ts";

/** Runs `deno` with `args` in `folder`. */
export async function runDeno(args: readonly string[], folder: string): Promise<Finished> {
  return await run(Deno.execPath(), args, folder);
}

/** Runs a shell block in `folder`; it stops at the first command that fails. */
export async function runShell(script: string, folder: string): Promise<Finished> {
  const bin = await Deno.makeTempDir();
  try {
    await writeExecutable(`${bin}/deno`, denoCommand(folder));
    await writeExecutable(`${bin}/npx`, NPX);
    const path = `${bin}:${Deno.env.get("PATH") ?? ""}`;
    return await run("bash", ["-euo", "pipefail", "-c", script], folder, path);
  } finally {
    await Deno.remove(bin, { recursive: true });
  }
}

/** The Deno that runs the tests. A task runs in the checkout's root; its results belong to the page. */
function denoCommand(folder: string): string {
  return `#!/usr/bin/env bash
if [ "\${1:-}" = task ]; then export DOTEVALS_STORAGE='file:${folder}/.dotevals/dotevals.db'; fi
exec '${Deno.execPath()}' "$@"
`;
}

/** What `npx -y deno@VERSION …` does, without a download. */
const NPX = `#!/usr/bin/env bash
[ "$1 $2" = "-y deno@${Deno.version.deno}" ] || { echo "not this Deno: npx $*" >&2; exit 1; }
shift 2
exec deno "$@"
`;

async function writeExecutable(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text);
  await Deno.chmod(path, 0o755);
}

async function run(
  command: string,
  args: readonly string[],
  folder: string,
  path = Deno.env.get("PATH") ?? "",
): Promise<Finished> {
  const process = new Deno.Command(command, {
    args: [...args],
    cwd: folder,
    env: { PATH: path, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return await finished(process);
}
