/**
 * The session of `dotevals run`: opened, watched, interrupted, summed up.
 *
 * @module
 */
import { toFileUrl } from "@std/path/to-file-url";
import { DotevalsError, messageOf } from "../errors.ts";
import { discover, type NamedEvaluation } from "../plan/discover.ts";
import { ModuleGraphs } from "../plan/module_graph.ts";
import type { LogLevel } from "../providers/provider.ts";
import { loadProvider } from "../providers/registry.ts";
import { setUpModel } from "../providers/set_up.ts";
import { CONSOLE } from "../report/message_lines.ts";
import { type ExperimentReport, reportExperiment } from "../report/experiment_report.ts";
import { openSessionLog, type SessionLog } from "../report/session_log.ts";
import { resultTable } from "../report/table.ts";
import type { RunListener } from "../run/events.ts";
import type { EvaluationOutcome } from "../run/finish.ts";
import { readGit } from "../run/git.ts";
import { experimentName, sessionHolder } from "../run/holder.ts";
import { runEvaluations } from "../run/run_evaluations.ts";
import { Session } from "../run/session.ts";
import { Secrets } from "../secrets.ts";
import { secretsIn } from "../storage/location.ts";
import type { Storage } from "../storage/storage.ts";
import { withoutAnsi } from "../without_ansi.ts";
import type { CommandIo, TextSink } from "./command.ts";
import { onEarlyExit } from "./early_exit.ts";
import { checkGates, readGates } from "./gate_option.ts";
import { gateStatus, judgeRun } from "./gate_status.ts";
import { grantUnknown } from "./providers/grant_unknown.ts";
import { pluginsInCode } from "./providers/plugins_in_code.ts";
import { onInterrupt } from "./interrupt.ts";
import { openResultStream } from "./result_stream.ts";
import type { RunRequest, RunValues } from "./run_request.ts";
import { closingLines, exitStatus } from "./run_end.ts";
import { selectByName } from "./select.ts";
import { frequentErrors } from "./show_lines.ts";
import { showProgress } from "./show_progress.ts";
import { storageLocation } from "./storage_option.ts";
import { onUnhandled } from "./unhandled.ts";
import { divertConsole } from "./user_console.ts";
import { writeReports } from "./write_reports.ts";

/** How long items in flight get to come to their end after Ctrl-C, in milliseconds. */
const GRACE_MS = 10_000;

/** Imports the files, runs their evaluations and prints the results; returns the status. */
export async function runSession(request: RunRequest, io: CommandIo): Promise<number> {
  const { values, found } = request;
  const graphs = new ModuleGraphs();
  graphs.prepare(found.files.map((file) => toFileUrl(file).href));
  const secrets = Secrets.of(io.env);
  for (const secret of secretsIn(storageLocation(values.storage, io.env))) secrets.add(secret);
  // A mistyped gate must not cost a run.
  const { gate: texts, baseline } = values;
  const gates = texts.length === 0 && baseline === undefined
    ? undefined
    : await readGates(await request.storage, { texts, baseline });
  using log = openLog(values, { io, secrets });
  using shown = showProgress(io, values);
  using opened = new DisposableStack();
  const streams = request.reports
    .filter(({ name }) => name === "jsonl")
    .map((report) => opened.use(openResultStream(report, io)));
  const listen = together(shown.listen, log?.listen, ...streams.map(({ listen }) => listen));
  using _unhandled = onUnhandled((text) => tell(listen, { text }));
  using _printed = divertConsole((printed) =>
    listen({ type: "message", ...printed, source: CONSOLE })
  );
  using guard = onEarlyExit((text) => {
    tell(listen, { text, hint: "What is recorded stays; the same command goes on with it." });
    shown.close();
  });
  const discovered = await discover(found.files, {
    clock: io.clock,
    onSlow: (file) =>
      tell(listen, {
        level: "warn",
        text: `${file} is still being imported.`,
        hint: "It may wait at its top level for something that never comes.",
      }),
  });
  const problems = [...found.problems, ...discovered.problems];
  for (const { text, hint, cause } of problems) {
    const stack = io.debug && cause instanceof Error ? `\n${cause.stack}` : "";
    tell(listen, { text: withoutAnsi(text + stack), hint });
  }
  const selected = selectByName(discovered.evaluations, values.filter);
  if (selected.length === 0) {
    throw new DotevalsError("There is nothing to run.", {
      code: "nothing-found",
      hint: "Evaluations are exported from *.eval.ts files: export const accuracy = foreach(…).",
    });
  }
  // A mistyped model is one error before anything starts, not one for each evaluation, and so is a
  // plugin that was granted nothing, wherever it is named.
  const models = [...request.models, ...pluginsInCode(selected, request.models)];
  await grantUnknown(models, io);
  const { sandbox } = values;
  await Promise.all(
    models.map(({ spec }) =>
      loadProvider(spec, { cwd: io.cwd, env: io.env, program: io.program, sandbox })
    ),
  );
  const experiment = values.experiment ?? experimentName(new Date(io.clock.now()));
  const storage = await request.storage;
  if (gates !== undefined) {
    await checkGates(gates, storage, {
      experiment,
      names: selected.map(({ name }) => name),
      mayDiffer: values.keep || values.fresh,
    });
  }
  const { outcomes, interrupted } = await runUntilStopped(selected, {
    ...request,
    storage,
    experiment,
    graphs,
    secrets,
    listen,
    stopAtOnce() {
      guard[Symbol.dispose]();
      shown.close();
      Deno.exit(130);
    },
    io,
  });
  shown.close();
  const report = await reportOf(storage, { experiment, outcomes });
  const judged = judgeRun(gates, report);
  for (const stream of streams) {
    await stream.finish(report, storage);
    if (stream.failure !== undefined) io.stderr.write(`error: ${messageOf(stream.failure)}\n`);
  }
  const failure = await writeReports(request.reports.filter(({ name }) => name !== "jsonl"), {
    source: {
      report,
      storage,
      reasons: reasonsOf(outcomes, secrets),
      judgements: judged.judgements,
    },
    pretty: (output) => finalTable(report, { ...output, outcomes }),
    io,
  });
  const errors = await frequentErrors(report.evaluations, { storage, sink: io.stderr });
  for (const line of errors) io.stderr.write(`${secrets.mask(line)}\n`);
  const lines = closingLines({
    experiment,
    outcomes,
    interrupted,
    program: io.program,
    args: request.args,
  });
  for (const line of lines) io.stderr.write(`${secrets.mask(line)}\n`);
  if (log?.failure !== undefined) {
    const text = `The log "${values.log}" is incomplete: ${messageOf(log.failure)}`;
    tell(shown.listen, { level: "warn", text });
  }
  const status = exitStatus(outcomes, interrupted);
  const isWritten = failure === undefined && streams.every(({ failure }) => failure === undefined);
  const mask = (text: string) => secrets.mask(text);
  const gated = gateStatus(judged, { stderr: io.stderr, mask });
  return status !== 0 ? status : problems.length > 0 || !isWritten ? 2 : gated;
}

interface SessionRequest extends Omit<RunRequest, "storage"> {
  readonly storage: Storage;
  readonly experiment: string;
  readonly graphs: ModuleGraphs;
  readonly secrets: Secrets;
  readonly listen: RunListener;
  readonly stopAtOnce: () => void;
  readonly io: CommandIo;
}

/** Runs the evaluations; Ctrl-C stops once gently, and twice at once. */
async function runUntilStopped(
  selected: readonly NamedEvaluation[],
  request: SessionRequest,
): Promise<{ outcomes: readonly EvaluationOutcome[]; interrupted: boolean }> {
  const { values, models, concurrency, budget, shard } = request;
  const { graphs, storage, experiment, secrets, io } = request;
  await using session = await Session.open({
    storage,
    experiment,
    holder: sessionHolder(),
    shard,
    clock: io.clock,
    random: Math.random,
    git: readGit(io.cwd),
    onEvent: request.listen,
    secrets,
    setUpModel: (spec, surroundings) =>
      setUpModel(spec, {
        ...surroundings,
        cwd: io.cwd,
        env: io.env,
        program: io.program,
        sandbox: values.sandbox,
        onSecret: (secret) => secrets.add(secret),
      }),
  });
  using _interrupt = onInterrupt({
    first: () => session.stop(GRACE_MS),
    again: request.stopAtOnce,
  });
  const outcomes = await runEvaluations(session, selected, {
    models,
    concurrency,
    budget,
    graphs,
    fresh: values.fresh,
    keep: values.keep,
    ...values.samples !== undefined && { samples: values.samples },
  });
  await session.close();
  return { outcomes, interrupted: session.stopping };
}

interface Told {
  readonly text: string;
  readonly hint?: string | undefined;
  readonly level?: LogLevel;
}

function tell(listen: RunListener, { text, hint, level = "error" }: Told): void {
  listen({ type: "message", level, text, hint, source: "dotevals" });
}

function openLog(
  values: RunValues,
  { io, secrets }: { readonly io: CommandIo; readonly secrets: Secrets },
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
