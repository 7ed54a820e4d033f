/**
 * The signs of life of a session that holds a lease.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Database } from "./database.ts";
import { HEARTBEATS, renewLease } from "./lease.ts";

/** Which lease to renew. */
export interface HeartbeatOptions {
  readonly token: string;
  /** How long it is good without a sign of life, in milliseconds. */
  readonly leaseMs: number;
  readonly clock: Clock;
}

/** Renews a lease until the function that it returns is called. */
export function startHeartbeat(
  database: Pick<Database, "writeOnce">,
  { token, leaseMs, clock }: HeartbeatOptions,
): () => void {
  let isStopped = false;
  let stop = schedule();
  function schedule(): () => void {
    return clock.after(leaseMs / HEARTBEATS, async () => {
      try {
        await database.writeOnce(renewLease(token, leaseMs));
      } catch {
        // The next write says what is wrong.
      }
      if (!isStopped) stop = schedule();
    });
  }
  return () => {
    isStopped = true;
    stop();
  };
}
