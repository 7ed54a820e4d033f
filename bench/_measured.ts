/**
 * Processes that are measured: their time, their processor time, their memory.
 *
 * @module
 */

/** What a process took. */
export interface Measured {
  /** From before its start until after its end. */
  readonly seconds: number;
  /** Of processors, that of its own children included; `NaN` where the system does not tell. */
  readonly cpuSeconds: number;
  /** The most that it held at once; `NaN` where the system does not tell. */
  readonly peakBytes: number;
}

const LOOK_EVERY_MS = 20;

/**
 * Runs Deno to its end, in a shell that tells the processor time.
 *
 * @throws what it printed, where it fails
 */
export async function measured(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Measured> {
  const start = performance.now();
  const shell = new Deno.Command("sh", {
    args: ["-c", '"$@" >&2; status=$?; times; exit $status', "sh", Deno.execPath(), ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...options,
  }).spawn();
  let peakBytes = NaN;
  const looking = setInterval(() => {
    const peak = peakOfChild(shell.pid);
    if (peak !== undefined) peakBytes = peak;
  }, LOOK_EVERY_MS);
  const { success, stdout, stderr } = await shell.output();
  const seconds = (performance.now() - start) / 1000;
  clearInterval(looking);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return { seconds, cpuSeconds: cpuOf(new TextDecoder().decode(stdout)), peakBytes };
}

/** The second line of `times`, `0m1.25s 0m0.50s`, is that of children. */
function cpuOf(times: string): number {
  const parts = [...(times.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length === 0) return NaN;
  return parts.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
}

/** The high-water mark of a shell's child; it only grows, so the last look is the best. */
function peakOfChild(shell: number): number | undefined {
  try {
    const [child] = Deno.readTextFileSync(`/proc/${shell}/task/${shell}/children`).split(" ");
    const status = Deno.readTextFileSync(`/proc/${child}/status`);
    const peak = /VmHWM:\s*(\d+) kB/.exec(status)?.[1];
    return peak === undefined ? undefined : Number(peak) * 1024;
  } catch {
    return undefined;
  }
}
