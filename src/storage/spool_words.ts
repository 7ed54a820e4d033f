/**
 * What is said of results that wait in a spool.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { Received } from "./page_receiver.ts";
import type { Spool } from "./spool.ts";
import type { StorageNotice } from "./storage.ts";
import type { WaitingResults } from "./waiting_results.ts";

/** The database has not answered for a while. */
export function noticeOfAway(error: DotevalsError, spool: Spool): StorageNotice {
  const waiting = spool.results === 0 ? "nothing waits yet" : `${counted(spool.results)} so far`;
  return {
    level: "warn",
    text: `${error.message} Results are kept on this machine meanwhile (${waiting}), and are ` +
      "delivered when it answers.",
  };
}

/** Another session delivers first. */
export function noticeOfTurn(folder: string): StorageNotice {
  return {
    level: "warn",
    text: `Another session of this experiment delivers what earlier ones left in ${folder}; ` +
      "this one begins after it.",
    hint: "If that session is stopped, let it go on or end it.",
  };
}

/** It answers again. */
export function noticeOfBack(location: string, spool: Spool): StorageNotice {
  return {
    level: "info",
    text: `The storage ${location} answers again; ${counted(spool.results)} to be delivered.`,
  };
}

/** No more may be started: the spool is full. */
export function noticeOfFull(location: string, spool: Spool): StorageNotice {
  return {
    level: "warn",
    text: `The storage ${location} has been away for too long: ${counted(spool.results)} wait, ` +
      `${megabytes(spool.bytes)} MB, as many as are kept on this machine. Nothing more is started.`,
    stop: true,
  };
}

/** What an earlier session left was delivered. */
export function noticeOfEarlier(received: Received, setAside: readonly string[]): StorageNotice {
  const { recorded, doubled, refused } = received;
  const parts = [
    `${counted(recorded + doubled)} of an earlier session delivered`,
    ...doubled > 0 ? [`${doubled} of them recorded already`] : [],
    ...refused > 0 ? [`${counted(refused)} kept back`] : [],
  ];
  return {
    level: refused > 0 ? "warn" : "info",
    text: `${parts.join(", ")}.`,
    ...refused > 0 && {
      hint: "The evaluations that they belong to were deleted or changed since; they are in " +
        `${setAside.join(", ")}, which you may delete.`,
    },
  };
}

/** The error for results that could not be delivered. */
export function resultsSpooled(location: string, spool: Spool, cause?: unknown): DotevalsError {
  return new DotevalsError(
    `${counted(spool.results)} could not be delivered to ${location} and wait in ` +
      `${spool.paths.join(", ")}.`,
    {
      code: "results-spooled",
      hint: "They are safe there. When the storage can be reached, run the same command again in " +
        "this folder: it delivers them first, and goes on from there.",
      exitCode: 3,
      cause,
    },
  );
}

/** The error for what would part results from their experiment. */
export function resultsWaiting(files: readonly WaitingResults[]): DotevalsError {
  const results = files.reduce((sum, { results }) => sum + results, 0);
  const [{ experiment } = { experiment: "" }] = files;
  return new DotevalsError(
    `${counted(results)} of ${JSON.stringify(experiment)} wait in ` +
      `${files.map(({ path }) => path).join(", ")}, to be delivered under that name.`,
    {
      code: "results-waiting",
      hint: "Run the experiment again in this folder: that delivers them. Then rename it.",
      exitCode: 3,
    },
  );
}

/** The error for a file of a later version, whose results must not be asked for again. */
export function spoolNewer(path: string): DotevalsError {
  return new DotevalsError(`Results wait in ${path}, which a newer version of dotevals wrote.`, {
    code: "spool-newer",
    hint: "Use that version, or a later one; or move the file away: its results then run again.",
    exitCode: 3,
  });
}

/** An error that ends a session, with what becomes of the results that wait. */
export function withSpool(error: unknown, spool: Spool): unknown {
  if (!(error instanceof DotevalsError) || spool.results === 0) return error;
  const { message, code, hint, exitCode } = error;
  const waiting = `${counted(spool.results)} wait in ${spool.paths.join(", ")}: the next session ` +
    "of this experiment in this folder delivers them.";
  return new DotevalsError(message, {
    code,
    hint: hint === undefined ? waiting : `${hint} ${waiting}`,
    exitCode,
    cause: error,
  });
}

function counted(results: number): string {
  return results === 1 ? "1 result" : `${results} results`;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
