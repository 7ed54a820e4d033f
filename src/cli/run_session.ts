/**
 * The session of `dotevals run`: what is to run, and its run until it has ended or is stopped.
 *
 * @module
 */
import { toFileUrl } from "@std/path/to-file-url";
import { DotevalsError } from "../errors.ts";
import { discover, type NamedEvaluation } from "../plan/discover.ts";
import { ModuleGraphs } from "../plan/module_graph.ts";
import { loadProvider } from "../providers/registry.ts";
import { setUpModel } from "../providers/set_up.ts";
import type { EvaluationOutcome } from "../run/finish.ts";
import { readGit } from "../run/git.ts";
import { experimentName, sessionHolder } from "../run/holder.ts";
import { runEvaluations } from "../run/run_evaluations.ts";
import { Session } from "../run/session.ts";
import { Secrets } from "../secrets.ts";
import { secretsIn } from "../storage/location.ts";
import type { Storage } from "../storage/storage.ts";
import { withoutAnsi } from "../without_ansi.ts";
import type { CommandIo } from "./command.ts";
import { checkGates, type Gates, readGates } from "./gate_option.ts";
import { onInterrupt } from "./interrupt.ts";
import { grantUnknown } from "./providers/grant_unknown.ts";
import { pluginsInCode } from "./providers/plugins_in_code.ts";
import type { RunRequest } from "./run_request.ts";
import { selectByName } from "./select.ts";
import { endSession } from "./session_end.ts";
import { openListeners, type SessionListeners } from "./session_listeners.ts";
import { storageLocation } from "./storage_option.ts";

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
  const gates = await gatesOf(request);
  using listeners = openListeners(request, { io, secrets });
  const { selected, hasProblems } = await evaluationsToRun(request, { io, listeners });
  await loadProviders(request, { io, selected });
  const experiment = values.experiment ?? experimentName(new Date(io.clock.now()));
  const storage = await request.storage;
  if (gates !== undefined) {
    await checkGates(gates, storage, {
      experiment,
      names: selected.map(({ name }) => name),
      mayDiffer: values.keep || values.fresh,
    });
  }
  const run = { ...request, storage, experiment, graphs, secrets, listeners, io };
  const ended = await runUntilStopped(selected, run);
  return await endSession(
    request,
    { ...ended, experiment, storage, hasProblems, gates, secrets, listeners },
    io,
  );
}

/** The gates that the results are to pass; `undefined` without any. */
async function gatesOf({ values, storage }: RunRequest): Promise<Gates | undefined> {
  const { gate: texts, baseline } = values;
  if (texts.length === 0 && baseline === undefined) return undefined;
  return await readGates(await storage, { texts, baseline });
}

interface ToRun {
  readonly selected: readonly NamedEvaluation[];
  /** Whether anything was left out, as something is wrong with it. */
  readonly hasProblems: boolean;
}

/** Imports the files and selects from what they export; says what is wrong with any of them. */
async function evaluationsToRun(
  { found, values }: RunRequest,
  { io, listeners }: { readonly io: CommandIo; readonly listeners: SessionListeners },
): Promise<ToRun> {
  const discovered = await discover(found.files, {
    clock: io.clock,
    onSlow: (file) =>
      listeners.tell({
        level: "warn",
        text: `${file} is still being imported.`,
        hint: "It may wait at its top level for something that never comes.",
      }),
  });
  const problems = [...found.problems, ...discovered.problems];
  for (const { text, hint, cause } of problems) {
    const stack = io.debug && cause instanceof Error ? `\n${cause.stack}` : "";
    listeners.tell({ text: withoutAnsi(text + stack), hint });
  }
  const selected = selectByName(discovered.evaluations, values.filter);
  if (selected.length === 0) {
    throw new DotevalsError("There is nothing to run.", {
      code: "nothing-found",
      hint: "Evaluations are exported from *.eval.ts files: export const accuracy = foreach(…).",
    });
  }
  return { selected, hasProblems: problems.length > 0 };
}

/**
 * Loads the providers of all models. A mistyped model is one error before anything starts, not one for
 * each evaluation, and so is a plugin that was granted nothing, wherever it is named.
 */
async function loadProviders(
  request: RunRequest,
  { io, selected }: { readonly io: CommandIo; readonly selected: readonly NamedEvaluation[] },
): Promise<void> {
  const models = [...request.models, ...pluginsInCode(selected, request.models)];
  await grantUnknown(models, io);
  const { cwd, env, program } = io;
  const { sandbox } = request.values;
  await Promise.all(models.map(({ spec }) => loadProvider(spec, { cwd, env, program, sandbox })));
}

interface SessionRequest extends Omit<RunRequest, "storage"> {
  readonly storage: Storage;
  readonly experiment: string;
  readonly graphs: ModuleGraphs;
  readonly secrets: Secrets;
  readonly listeners: SessionListeners;
  readonly io: CommandIo;
}

/** Runs the evaluations; Ctrl-C stops once gently, and twice at once. */
async function runUntilStopped(
  selected: readonly NamedEvaluation[],
  request: SessionRequest,
): Promise<{ outcomes: readonly EvaluationOutcome[]; interrupted: boolean }> {
  const { values, models, concurrency, budget, shard } = request;
  const { graphs, storage, experiment, secrets, listeners, io } = request;
  await using session = await Session.open({
    storage,
    experiment,
    holder: sessionHolder(),
    shard,
    clock: io.clock,
    random: Math.random,
    git: readGit(io.cwd),
    onEvent: listeners.listen,
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
    again: () => listeners.stopAtOnce(),
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
