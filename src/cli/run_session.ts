/**
 * The session of `dotevals run`: opened, watched, interrupted, summed up.
 *
 * @module
 */
import type { NamedEvaluation } from "../plan/discover.ts";
import type { ModelSpec } from "../providers/model_spec.ts";
import type { LogLevel } from "../providers/provider.ts";
import { setUpModel } from "../providers/set_up.ts";
import { reportExperiment } from "../report/experiment_report.ts";
import { showJson } from "../report/json.ts";
import type { Progress } from "../report/progress.ts";
import { openSessionLog, type SessionLog } from "../report/session_log.ts";
import { resultTable } from "../report/table.ts";
import type { RunListener } from "../run/events.ts";
import type { EvaluationOutcome } from "../run/finish.ts";
import { readGit } from "../run/git.ts";
import { experimentName, sessionHolder } from "../run/holder.ts";
import { runEvaluations } from "../run/run_evaluations.ts";
import { Session } from "../run/session.ts";
import type { Storage } from "../storage/storage.ts";
import type { CommandIo } from "./command.ts";
import { onInterrupt } from "./interrupt.ts";
import type { RunValues } from "./run.ts";
import { closingLines, exitStatus } from "./run_end.ts";
import { openStorageOption, storageToken } from "./storage_option.ts";
import { writePieces } from "./write_pieces.ts";

/** How long items in flight get to come to their end after Ctrl-C, in milliseconds. */
const GRACE_MS = 10_000;

/** What a session of the command needs beside its evaluations. */
export interface RunSessionOptions {
  readonly values: RunValues;
  readonly models: readonly ModelSpec[];
  readonly concurrency: number | "auto";
  /** The command's arguments, for the line that says how to go on. */
  readonly args: readonly string[];
  readonly shown: Progress;
  readonly io: CommandIo;
}

/** Runs evaluations in a session of their own and prints the results; returns the status. */
export async function runSession(
  selected: readonly NamedEvaluation[],
  options: RunSessionOptions,
): Promise<number> {
  const { values, io, shown } = options;
  const experiment = values.experiment ?? experimentName(new Date(io.clock.now()));
  const secrets = new Set([storageToken(io.env)].filter((token) => token !== undefined));
  using log = openLog(values, { io, secrets });
  await using storage = await openStorageOption(values.storage, { io, mode: "write" });
  const session = await Session.open({
    storage,
    experiment,
    holder: sessionHolder(),
    clock: io.clock,
    random: Math.random,
    git: readGit(io.cwd),
    onEvent: together(shown.listen, log?.listen),
    setUpModel: (spec, surroundings) =>
      setUpModel(spec, {
        ...surroundings,
        cwd: io.cwd,
        env: io.env,
        onSecret: (secret) => secrets.add(secret),
      }),
  });
  const outcomes = await runUntilStopped(session, selected, options);
  const interrupted = session.stopping;
  shown.close();
  await printResults(storage, { experiment, outcomes, json: values.reporter === "json", io });
  const end = { experiment, outcomes, interrupted, args: options.args, io };
  for (const line of closingLines(end)) io.stderr.write(`${line}\n`);
  return exitStatus(outcomes, interrupted);
}

/** Runs the evaluations; Ctrl-C stops once gently, and twice at once. */
async function runUntilStopped(
  session: Session,
  selected: readonly NamedEvaluation[],
  { values, models, concurrency, shown }: RunSessionOptions,
): Promise<readonly EvaluationOutcome[]> {
  using _interrupt = onInterrupt({
    first: () => session.stop(GRACE_MS),
    again: () => {
      shown.close();
      Deno.exit(130);
    },
  });
  await using _open = session;
  return await runEvaluations(session, selected, {
    models,
    concurrency,
    fresh: values.fresh,
    keep: values.keep,
    ...values.samples !== undefined && { samples: values.samples },
  });
}

function openLog(
  values: RunValues,
  { io, secrets }: { readonly io: CommandIo; readonly secrets: ReadonlySet<string> },
): SessionLog | undefined {
  if (values.log === undefined) return undefined;
  const level = (values["log-level"] ?? "info") as LogLevel;
  return openSessionLog(values.log, { clock: io.clock, level, secrets });
}

function together(...listeners: readonly (RunListener | undefined)[]): RunListener {
  return (event) => {
    for (const listener of listeners) listener?.(event);
  };
}

interface PrintOptions {
  readonly experiment: string;
  readonly outcomes: readonly EvaluationOutcome[];
  readonly json: boolean;
  readonly io: CommandIo;
}

/** The evaluations of this run, as `show` would print them. */
async function printResults(
  storage: Storage,
  { experiment, outcomes, json, io }: PrintOptions,
): Promise<void> {
  const ran = new Set(outcomes.map(({ id }) => id));
  const whole = await reportExperiment(storage, experiment);
  const report = {
    ...whole,
    evaluations: whole.evaluations.filter(({ stored }) => ran.has(stored.id)),
  };
  if (json) return await writePieces(io.stdout, showJson(report, storage));
  const { size, color } = io.stdout;
  const lines = resultTable(report, { columns: size?.columns, color });
  await writePieces(io.stdout, lines.map((line) => `${line}\n`));
}
