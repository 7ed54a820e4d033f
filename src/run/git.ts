/**
 * Which commit of the user's repository a session runs.
 *
 * @module
 */

/** A commit, and whether files differ from it. */
export interface GitState {
  readonly commit: string;
  readonly dirty: boolean;
}

/** In a very large repository the state is not worth a longer wait, in milliseconds. */
const PATIENCE_MS = 3000;

/** The state of the repository around a folder; `undefined` where there is none, or no git. */
export async function readGit(cwd: string): Promise<GitState | undefined> {
  const [commit, changes] = await Promise.all([
    git(cwd, ["rev-parse", "HEAD"]),
    git(cwd, ["status", "--porcelain"]),
  ]);
  if (commit === undefined || changes === undefined) return undefined;
  return { commit: commit.trim(), dirty: changes.trim() !== "" };
}

async function git(cwd: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: [...args],
      cwd,
      stdin: "null",
      stderr: "null",
      // Reading must not make a lock file that gets in the way of the user's own git.
      env: { GIT_OPTIONAL_LOCKS: "0" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    // No git, or no permission to run it: the session is as good without.
    return undefined;
  }
}
