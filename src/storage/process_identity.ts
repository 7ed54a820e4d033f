/**
 * Which process of which boot somebody is, so that a dead one is told from a living one.
 *
 * @module
 */

/** Identifies a process for as long as the machine runs; unknown parts are `undefined`. */
export interface ProcessIdentity {
  /** The machine's boot. */
  readonly boot: string | undefined;
  /** The namespace in which the process's id is counted. */
  readonly namespace: string | undefined;
  /** When the process started, in ticks since the boot: ids are used again. */
  readonly start: string | undefined;
}

/** The identity of a process on this machine; Linux only, else all unknown. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity> {
  const [boot, namespace, state] = await Promise.all([
    unlessMissing(Deno.readTextFile("/proc/sys/kernel/random/boot_id")),
    unlessMissing(Deno.readLink("/proc/self/ns/pid")),
    readState(pid),
  ]);
  return { boot: boot?.trim(), namespace, start: state?.start };
}

/**
 * Whether that process is known to be dead.
 *
 * `false` whenever it cannot be known: another machine, boot or container, another system.
 */
export async function isDead(pid: number, identity: ProcessIdentity): Promise<boolean> {
  if (identity.start === undefined || identity.boot === undefined) return false;
  const here = await identifyProcess(Deno.pid);
  if (here.start === undefined) return false;
  if (here.boot !== identity.boot || here.namespace !== identity.namespace) return false;
  const state = await readState(pid);
  return state === undefined || state.start !== identity.start || /[ZX]/.test(state.letter);
}

/** Field 3 (state) and field 22 (start) of `/proc/PID/stat`. */
async function readState(pid: number): Promise<{ letter: string; start: string } | undefined> {
  const stat = await unlessMissing(Deno.readTextFile(`/proc/${pid}/stat`));
  // The second field is the command in parentheses and may hold spaces and parentheses.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [letter, start] = [fields?.[0], fields?.[19]];
  return letter === undefined || start === undefined ? undefined : { letter, start };
}

async function unlessMissing(reading: Promise<string>): Promise<string | undefined> {
  try {
    return await reading;
  } catch {
    return undefined;
  }
}
