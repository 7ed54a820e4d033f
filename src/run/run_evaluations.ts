/**
 * The loop: lanes take work from all selected evaluations in turn.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import type { BudgetOptions } from "../evaluation/budget_options.ts";
import type { NamedEvaluation } from "../plan/discover.ts";
import type { Work } from "../plan/items.ts";
import { adaptive } from "../schedule/adaptive.ts";
import { type Gate, ItemGate, type ItemPlace } from "../schedule/item_gate.ts";
import { ItemWindow } from "../schedule/item_window.ts";
import { LoopLag } from "../schedule/loop_lag.ts";
import { runLanes } from "../schedule/lanes.ts";
import { Pace } from "../schedule/pace.ts";
import type { ConcurrencyStrategy } from "../schedule/strategy.ts";
import { type Taken, Turns, type TurnSource } from "../schedule/turns.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import { type Concurrency, strategyOf } from "./concurrency.ts";
import { CallSampling } from "./call_sampling.ts";
import { EvaluationRun } from "./evaluation_run.ts";
import type { RunEvent } from "./events.ts";
import type { EvaluationOutcome } from "./finish.ts";
import { lagMessage } from "./lag_message.ts";
import {
  type PlannedEvaluation,
  type PlanOptions,
  planRun,
  type RefusedEvaluation,
} from "./plan_run.ts";
import { BUDGET_GRACE_MS, RunBudget, warning } from "./run_budget.ts";
import { RunControl } from "./run_control.ts";
import type { Session } from "./session.ts";

/** Lanes cost nothing until there is work for them; the gate is what holds items back. */
const MOST_LANES = 100_000;

/** How the selected evaluations are to be run. */
export interface SelectionOptions extends PlanOptions {
  /** Only each dataset's first so many rows. */
  readonly samples?: number;
  /**
   * Items and calls at once: exactly so many, or as a strategy says.
   *
   * @default {adaptive()}
   */
  readonly concurrency?: Concurrency | undefined;
  /** What all of it may take. */
  readonly budget?: BudgetOptions | undefined;
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
  const { samples, control } = options;
  const strategy = strategyOf(options.concurrency);
  const gate = gateFor(strategy, session);
  const limits = session.endpoints.under(strategy, gate);
  using budget = options.budget && new RunBudget({
    ...options.budget,
    clock: session.clock,
    whose: "The budget",
    onSpent: (error, kind) => {
      session.emit(warning(error));
      for (const run of runs) run.stopEarly(error, kind === "time" ? BUDGET_GRACE_MS : undefined);
      turns.close();
    },
  });
  const runs = planned.map((plan) =>
    new EvaluationRun(session, plan, { samples, control, limits, budget })
  );
  const turns = new Turns(runs.map(owned));
  try {
    for (const run of runs) run.announce();
    const pace = new Pace(session.clock);
    control.onStop(() => turns.close());
    using lag = new LoopLag(session.clock);
    using _sampling = new CallSampling({
      clock: session.clock,
      tallies: planned.flatMap(({ variants }) => variants).map(({ ref, tally }) => ({
        label: ref.label,
        tally,
      })),
      limits,
      emit: (event) => session.emit(event),
    });
    await runLanes(
      { next: () => nextWork(session, turns, { gate, pace }) },
      MOST_LANES,
      async ({ taken, place }) => {
        const outcome = await taken.work.run.perform(taken.work.work, place);
        taken.done();
        place.leave(outcome);
      },
    );
    const outcomes: EvaluationOutcome[] = [];
    for (const run of runs) outcomes.push(...await run.finish());
    const message = lagMessage(lag.longest, outcomes.flatMap(({ calls }) => calls));
    if (message) session.emit(message);
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
    durationMs: 0,
    isCounted: false,
    failure: error,
  };
}

/** A fixed window is one of items too; else they start as endpoints have use for them. */
function gateFor({ scope, maxConcurrency }: ConcurrencyStrategy, { clock }: Session): Gate {
  return scope === "session"
    ? new ItemWindow(maxConcurrency)
    : new ItemGate(adaptive().limit(), clock);
}

interface Placed {
  readonly taken: Taken<OwnedWork>;
  readonly place: ItemPlace;
}

/** A place first, then a turn and room in the recorder: committing goes before starting. */
async function nextWork(
  session: Session,
  turns: Turns<OwnedWork>,
  { gate, pace }: { readonly gate: Gate; readonly pace: Pace },
): Promise<Placed | undefined> {
  const entering = gate.enter();
  const place = entering instanceof Promise ? await entering : entering;
  const turn = pace.start();
  if (turn) await turn;
  const room = session.recorder.ready();
  if (room) await room;
  const next = turns.next();
  const taken = next instanceof Promise ? await next : next;
  if (taken) return { taken, place };
  place.leave(undefined);
  return undefined;
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
