/**
 * What `dotevals run` writes once its session has ended: reports, errors, gates, and how to go on.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { type ExperimentReport, reportExperiment } from "../report/experiment_report.ts";
import { resultTable } from "../report/table.ts";
import type { EvaluationOutcome } from "../run/finish.ts";
import type { Secrets } from "../secrets.ts";
import type { Storage } from "../storage/storage.ts";
import type { CommandIo, TextSink } from "./command.ts";
import type { Gates } from "./gate_option.ts";
import { gateStatus, judgeRun } from "./gate_status.ts";
import { closingLines, exitStatus, firstStatus } from "./run_end.ts";
import type { RunRequest } from "./run_request.ts";
import type { SessionListeners } from "./session_listeners.ts";
import { frequentErrors } from "./show_lines.ts";
import { writeReports } from "./write_reports.ts";

/** A session that has ended. */
export interface EndedSession {
  readonly experiment: string;
  readonly storage: Storage;
  readonly outcomes: readonly EvaluationOutcome[];
  readonly interrupted: boolean;
  /** Whether files or evaluations were left out, as something was wrong with them. */
  readonly hasProblems: boolean;
  /** What was asked of the results; `undefined` for nothing. */
  readonly gates: Gates | undefined;
  readonly secrets: Secrets;
  readonly listeners: SessionListeners;
}

/** Writes what there is to say; returns the status to exit with. */
export async function endSession(
  { reports, args }: RunRequest,
  ended: EndedSession,
  io: CommandIo,
): Promise<number> {
  const { experiment, storage, outcomes, interrupted, secrets, listeners } = ended;
  const mask = (text: string) => secrets.mask(text);
  listeners.endProgress();
  const report = await reportOf(storage, { experiment, outcomes });
  const judged = judgeRun(ended.gates, report);
  const areStreamed = await finishStreams(report, ended, io);
  const areWritten = await writeReports(reports.filter(({ name }) => name !== "jsonl"), {
    source: {
      report,
      storage,
      reasons: reasonsOf(outcomes, secrets),
      judgements: judged.judgements,
    },
    pretty: (output) => finalTable(report, { ...output, outcomes }),
    io,
  });
  const { program, stderr } = io;
  const errors = await frequentErrors(report.evaluations, { storage, sink: stderr });
  const lines = closingLines({ experiment, outcomes, interrupted, program, args });
  for (const line of [...errors, ...lines]) stderr.write(`${mask(line)}\n`);
  listeners.checkLog();
  return firstStatus([
    exitStatus(outcomes, interrupted),
    gateStatus(judged, { stderr, mask }),
    ended.hasProblems || !areStreamed || !areWritten ? 2 : 0,
  ]);
}

/** Ends the reports that were written meanwhile; returns whether they are whole. */
async function finishStreams(
  report: ExperimentReport,
  { listeners: { streams }, storage }: EndedSession,
  io: CommandIo,
): Promise<boolean> {
  for (const stream of streams) {
    await stream.finish(report, storage);
    if (stream.failure !== undefined) io.stderr.write(`error: ${messageOf(stream.failure)}\n`);
  }
  return streams.every(({ failure }) => failure === undefined);
}

/** The evaluations of this run, with all that is recorded of them. */
async function reportOf(
  storage: Storage,
  { experiment, outcomes }: {
    readonly experiment: string;
    readonly outcomes: readonly EvaluationOutcome[];
  },
): Promise<ExperimentReport> {
  const ran = new Set(outcomes.map(({ id }) => id));
  const whole = await reportExperiment(storage, experiment);
  return { ...whole, evaluations: whole.evaluations.filter(({ stored }) => ran.has(stored.id)) };
}

/** Why evaluations did not come to their end. */
function reasonsOf(
  outcomes: readonly EvaluationOutcome[],
  secrets: Secrets,
): ReadonlyMap<EvaluationOutcome["id"], string> {
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  return new Map(failed.map(({ id, failure }) => [id, secrets.mask(messageOf(failure))]));
}

/** What is printed for people: the table that `show` prints, with the time that each took. */
async function* finalTable(
  report: ExperimentReport,
  { size, color, outcomes }: Pick<TextSink, "size" | "color"> & {
    readonly outcomes: readonly EvaluationOutcome[];
  },
): AsyncGenerator<string> {
  const durations = new Map(outcomes.map(({ id, durationMs }) => [id, durationMs]));
  const lines = resultTable(report, { columns: size?.columns, color, durations });
  for (const line of lines) yield `${line}\n`;
}
