/**
 * The loop: lanes take work from all selected evaluations in turn.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import type { NamedEvaluation } from "../plan/discover.ts";
import type { Work } from "../plan/items.ts";
import { adaptive } from "../schedule/adaptive.ts";
import { Gate } from "../schedule/gate.ts";
import { runLanes } from "../schedule/lanes.ts";
import { Pace } from "../schedule/pace.ts";
import { type Taken, Turns, type TurnSource } from "../schedule/turns.ts";
import type { EvaluationId } from "../storage/storage.ts";
import { EvaluationRun } from "./evaluation_run.ts";
import type { RunEvent } from "./events.ts";
import type { EvaluationOutcome } from "./finish.ts";
import {
  type PlannedEvaluation,
  type PlanOptions,
  planRun,
  type RefusedEvaluation,
} from "./plan_run.ts";
import { RunControl } from "./run_control.ts";
import type { Session } from "./session.ts";

/** How the selected evaluations are to be run. */
export interface SelectionOptions extends PlanOptions {
  /** Only each dataset's first so many rows. */
  readonly samples?: number;
  /**
   * Items at once over all evaluations: exactly so many, or as many as throughput grows with.
   *
   * @default {"auto"}
   */
  readonly concurrency?: number | "auto";
  /** Stops this run, and nothing else of its session. */
  readonly control?: RunControl;
}

/** A piece of work that knows its evaluation. */
interface OwnedWork {
  readonly run: EvaluationRun;
  readonly work: Work;
}

/**
 * Runs evaluations together, under one overall limit, and records what they produce.
 *
 * An evaluation that cannot be planned is told and left out; the others run.
 *
 * @throws {DotevalsError} when results cannot be recorded any more, or a definition changed
 * @throws what the evaluations could not be planned for, where none can run
 */
export async function runEvaluations(
  session: Session,
  selection: readonly NamedEvaluation[],
  options: SelectionOptions,
): Promise<readonly EvaluationOutcome[]> {
  const { control = new RunControl(session.clock) } = options;
  const { planned, refused } = await planRun(session, selection, options);
  const leave = session.enter(control);
  try {
    for (const one of refused) session.emit(refusalMessage(one));
    const outcomes = await runPlanned(session, planned, { ...options, control });
    return [...outcomes, ...refused.map(refusalOutcome)];
  } finally {
    control.end();
    leave();
    for (const { claims } of planned) for (const claim of claims) session.claims.delete(claim);
  }
}

async function runPlanned(
  session: Session,
  planned: readonly PlannedEvaluation[],
  options: SelectionOptions & { readonly control: RunControl },
): Promise<readonly EvaluationOutcome[]> {
  const { concurrency = "auto", samples, control } = options;
  const strategy = concurrency === "auto" ? adaptive() : undefined;
  const gate = strategy && new Gate(strategy, session.clock);
  const onRefused = () => gate?.refused();
  const runs = planned.map((plan) =>
    new EvaluationRun(session, plan, { samples, control, onRefused })
  );
  try {
    for (const run of runs) run.announce();
    const turns = new Turns(runs.map(owned));
    const pace = new Pace(session.clock);
    control.onStop(() => turns.close());
    await runLanes(
      { next: () => nextWork(session, turns, { gate, pace }) },
      concurrency === "auto" ? strategy?.max ?? 1 : concurrency,
      async (taken) => {
        await taken.work.run.perform(taken.work.work);
        taken.done();
        gate?.leave(true);
      },
    );
    const outcomes: EvaluationOutcome[] = [];
    for (const run of runs) outcomes.push(...await run.finish());
    return outcomes;
  } finally {
    for (const run of runs) run.release();
  }
}

function refusalMessage({ named, error }: RefusedEvaluation): RunEvent {
  return {
    type: "message",
    level: "error",
    text: `${named.name} cannot run: ${messageOf(error)}`,
    hint: error instanceof DotevalsError ? error.hint : undefined,
    source: "dotevals",
  };
}

/** What became of an evaluation that could not be planned: nothing of it is stored. */
function refusalOutcome({ named, error }: RefusedEvaluation): EvaluationOutcome {
  return {
    id: -1 as EvaluationId,
    evaluation: { name: named.name, variant: {}, label: named.name },
    end: "failed",
    items: 0,
    completed: 0,
    errors: 0,
    gone: 0,
    own: undefined,
    metrics: [],
    calls: [],
    failure: error,
  };
}

/** A place first, then a turn and room in the recorder: committing goes before starting. */
async function nextWork(
  session: Session,
  turns: Turns<OwnedWork>,
  { gate, pace }: { readonly gate: Gate | undefined; readonly pace: Pace },
): Promise<Taken<OwnedWork> | undefined> {
  const place = gate?.enter();
  if (place) await place;
  const turn = pace.start();
  if (turn) await turn;
  const room = session.recorder.ready();
  if (room) await room;
  const next = turns.next();
  const taken = next instanceof Promise ? await next : next;
  if (!taken) gate?.leave(false);
  return taken;
}

function owned(run: EvaluationRun): TurnSource<OwnedWork> {
  const own = (work: Work | undefined) => work && { run, work };
  return {
    limit: run.limit,
    pull() {
      const pulled = run.pull();
      return pulled instanceof Promise ? pulled.then(own) : own(pulled);
    },
    fail: (error) => run.fail(error),
    drained: () => run.drained(),
  };
}
