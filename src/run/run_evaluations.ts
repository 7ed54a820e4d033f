/**
 * The loop: lanes take work from all selected evaluations in turn.
 *
 * @module
 */
import type { NamedEvaluation } from "../plan/discover.ts";
import type { Work } from "../plan/items.ts";
import { adaptive, type ConcurrencyStrategy } from "../schedule/adaptive.ts";
import { Gate } from "../schedule/gate.ts";
import { runLanes } from "../schedule/lanes.ts";
import { Pace } from "../schedule/pace.ts";
import { type Taken, Turns, type TurnSource } from "../schedule/turns.ts";
import { EvaluationRun } from "./evaluation_run.ts";
import type { EvaluationOutcome } from "./finish.ts";
import { type PlanOptions, planRun } from "./plan_run.ts";
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
}

/** A piece of work that knows its evaluation. */
interface OwnedWork {
  readonly run: EvaluationRun;
  readonly work: Work;
}

/**
 * Runs evaluations together, under one overall limit, and records what they produce.
 *
 * @throws {DotevalsError} when results cannot be recorded any more, or a definition changed
 */
export async function runEvaluations(
  session: Session,
  selection: readonly NamedEvaluation[],
  options: SelectionOptions,
): Promise<readonly EvaluationOutcome[]> {
  const planned = await planRun(session, selection, options);
  const strategy = options.concurrency === undefined || options.concurrency === "auto"
    ? adaptive()
    : undefined;
  const gate = strategy && new Gate(strategy, session.clock);
  const runs = planned.map((plan) =>
    new EvaluationRun(session, plan, {
      samples: options.samples,
      shard: options.shard,
      onRefused: () => gate?.refused(),
    })
  );
  for (const run of runs) run.announce();
  const turns = new Turns(runs.map(owned));
  const pace = new Pace(session.clock);
  const leave = session.enter(turns);
  try {
    await runLanes(
      { next: () => nextWork(session, turns, { gate, pace }) },
      lanesFor(options.concurrency, strategy),
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
    leave();
  }
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

function lanesFor(
  concurrency: number | "auto" | undefined,
  strategy: ConcurrencyStrategy | undefined,
): number {
  return typeof concurrency === "number" ? concurrency : strategy?.max ?? 1;
}
