/**
 * Whether processes are there.
 *
 * @module
 */

/** Whether a process runs; one that is dead and only not reaped yet does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    return !/\) [ZX] /.test(stat);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // A process may end between the file's opening and its reading (ESRCH).
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/** Those of the processes that run. */
export async function running(pids: readonly number[]): Promise<readonly number[]> {
  const states = await Promise.all(pids.map(isRunning));
  return pids.filter((_, index) => states[index]);
}
