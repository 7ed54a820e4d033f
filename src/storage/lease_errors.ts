/**
 * The errors about who may write to an experiment.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";

/** Who is in the way, and since when it has not been heard of. */
export interface Occupant {
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since its last sign of life. */
  readonly age: number;
}

/** The error for an experiment that another session writes to. */
export function experimentLocked(
  experiment: string,
  occupant: Occupant | undefined,
): DotevalsError {
  return new DotevalsError(`The experiment ${quote(experiment)} is in use: ${who(occupant)}.`, {
    code: "experiment-locked",
    hint: "Wait until that session ends, stop it, or name another experiment with --experiment; " +
      "a session on another machine that died is given up 30 s after its last heartbeat.",
    exitCode: 3,
  });
}

/** The error for a session whose experiment another one has taken over. */
export function leaseLost(
  experiment: string,
  occupant: Occupant | undefined,
  cause: unknown,
): DotevalsError {
  const now = occupant === undefined ? "nobody holds it now" : who(occupant);
  return new DotevalsError(
    `This session no longer holds the experiment ${quote(experiment)}: ${now}.`,
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
  const { pid, host, age } = occupant;
  return `process ${pid} on ${host} writes to it (last heartbeat ${seconds(age)} s ago)`;
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 1000));
}

function quote(name: string): string {
  return JSON.stringify(name);
}
