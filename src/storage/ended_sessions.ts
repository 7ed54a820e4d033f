/**
 * Sessions of this process that ended while their database could not be reached: the leases
 * that they could not give back are in nobody's way.
 *
 * @module
 */
import { isDead, type ProcessIdentity } from "./process_identity.ts";

const ended = new Set<string>();

/** Who holds a lease. */
export interface LeaseHolder {
  readonly token: string;
  readonly pid: number;
  readonly process: ProcessIdentity;
}

/** Notes that the session of a lease has ended, though the lease may still be there. */
export function noteEnded(token: string): void {
  ended.add(token);
}

/** Whether the session of a lease is known to have ended, by itself or with its process. */
export async function hasEnded({ token, pid, process }: LeaseHolder): Promise<boolean> {
  return ended.has(token) || await isDead(pid, process);
}
