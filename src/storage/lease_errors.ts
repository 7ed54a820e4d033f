/**
 * The errors about who may write to an experiment.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { shardCount } from "./shard.ts";

/** Who is in the way, and since when it has not been heard of. */
export interface Occupant {
  readonly host: string;
  readonly pid: number;
  /** The name of the shard that it writes to. */
  readonly shard: string;
  /** Milliseconds since its last sign of life. */
  readonly age: number;
}

/** The name of the shard that is all of an experiment. */
const ALL = "1/1";

const GIVEN_UP =
  "a session on another machine that died is given up 30 s after its last heartbeat.";

/** The error for an experiment that another session writes to. */
export function experimentLocked(
  experiment: string,
  occupant: Occupant | undefined,
): DotevalsError {
  return new DotevalsError(`The experiment ${quote(experiment)} is in use: ${who(occupant)}.`, {
    code: "experiment-locked",
    hint: "Wait until that session ends, stop it, or name another experiment with --experiment; " +
      GIVEN_UP,
    exitCode: 3,
  });
}

/** The error for an experiment of which only a part was copied: the rest would be asked again. */
export function copyUnfinished(experiment: string): DotevalsError {
  return new DotevalsError(
    `The experiment ${quote(experiment)} is here only in part: it is a copy that was not finished.`,
    {
      code: "copy-unfinished",
      hint: "Nothing was run. Give the same `dotevals storage copy` again: it goes on where it " +
        "stopped. Or delete the experiment here.",
      exitCode: 3,
    },
  );
}

/** The error for a shard that cannot be run beside what another session runs. */
export function shardRefused(
  experiment: string,
  occupant: Occupant | undefined,
  wanted: string,
): DotevalsError {
  const [running, count] = [shardCount(occupant?.shard ?? wanted), shardCount(wanted)];
  if (occupant === undefined || running === count) return experimentLocked(experiment, occupant);
  const beside = running === 1 ? "" : `Run a shard of ${running} beside it, or wait: `;
  return new DotevalsError(
    `The experiment ${quote(experiment)} is run ${parts(running)}, and not ${
      parts(count)
    } at the ` +
      `same time: ${who(occupant)}.`,
    {
      code: "unequal-shards",
      hint: `${beside}when all its sessions have ended, it can be divided in any other way, and ` +
        `what is recorded counts; ${GIVEN_UP}`,
      exitCode: 3,
    },
  );
}

/** The error for a session whose experiment another one has taken over. */
export function leaseLost(
  experiment: string,
  occupant: Occupant | undefined,
  { shard, cause }: { readonly shard: string; readonly cause: unknown },
): DotevalsError {
  const now = occupant === undefined ? "nobody holds it now" : who(occupant);
  const held = shard === ALL ? "" : `shard ${shard} of `;
  return new DotevalsError(
    `This session no longer holds ${held}the experiment ${quote(experiment)}: ${now}.`,
    {
      code: "lease-lost",
      hint: "Run the same command again when that session has ended: what was recorded is kept.",
      exitCode: 3,
      cause,
    },
  );
}

/** The error for writing to a session after its end. */
export function sessionClosed(): DotevalsError {
  return new DotevalsError("The session has ended: nothing can be written any more.", {
    code: "session-closed",
    hint: "Begin another session on the experiment.",
  });
}

function who(occupant: Occupant | undefined): string {
  if (occupant === undefined) return "another process holds its lock";
  const { pid, host, age, shard } = occupant;
  const what = shard === ALL ? "it" : `shard ${shard} of it`;
  return `process ${pid} on ${host} writes to ${what} (last heartbeat ${seconds(age)} s ago)`;
}

function parts(count: number): string {
  return count === 1 ? "as a whole" : `in ${count} shards`;
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 1000));
}

function quote(name: string): string {
  return JSON.stringify(name);
}
