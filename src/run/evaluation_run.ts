/**
 * One evaluation while it runs: hands out its work, records what comes back, and finishes.
 *
 * @module
 */
import { quickTurn, turn } from "../clock.ts";
import type { DotevalsError } from "../errors.ts";
import { sizeOf } from "../evaluation/dataset.ts";
import { ItemSource, type Work } from "../plan/items.ts";
import type { ItemPlace } from "../schedule/item_gate.ts";
import type { CallOutcome } from "../schedule/strategy.ts";
import type { TurnSource } from "../schedule/turns.ts";
import type { RunLimits } from "./endpoints.ts";
import { emptyDataset, thrownScore, unknownPrice, Warnings } from "./evaluation_warnings.ts";
import type { EvaluationEnd } from "./events.ts";
import { HeldWork } from "./held_work.ts";
import { type EvaluationOutcome, finishVariant } from "./finish.ts";
import { type ItemsRunner, outcomeOfItems } from "./items_runner.ts";
import type { ModelHold } from "./model_pool.ts";
import type { PlannedEvaluation } from "./plan_run.ts";
import { BUDGET_GRACE_MS, RunBudget, warning } from "./run_budget.ts";
import type { RunControl } from "./run_control.ts";
import { withoutSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";
import { makeRunner } from "./variant_runner.ts";

/** What an evaluation's run needs beside its plan. */
export interface EvaluationRunOptions {
  /** Only the dataset's first so many rows. */
  readonly samples: number | undefined;
  /** Stops this run. */
  readonly control: RunControl;
  /** How calls are let through to their endpoints. */
  readonly limits: RunLimits;
  /** What all calls of the run must stay within. */
  readonly budget?: RunBudget | undefined;
}

/** One evaluation while it runs. */
export class EvaluationRun implements TurnSource<Work> {
  /** At most so many of its pieces of work are under way at once. */
  readonly limit: number;

  #session: Session;
  #planned: PlannedEvaluation;
  readonly #options: EvaluationRunOptions;
  readonly #items: ItemSource;
  readonly #work: HeldWork;
  readonly #runners: (ItemsRunner | undefined)[] = [];
  readonly #preparing: (Promise<void> | undefined)[] = [];
  /** The variants' models, which stand until the last item is done. */
  readonly #models: readonly (ModelHold | undefined)[];
  #failure: { readonly error: unknown } | undefined;
  readonly #warnings: Warnings;
  readonly #start: number;
  #drained = false;
  #abandoned = false;
  #ownBudget: RunBudget | undefined;
  /** Why it ends before all is done. */
  #early: { readonly error: DotevalsError } | undefined;
  /** End what was left to come to its end by itself. */
  readonly #graces = new DisposableStack();
  #finishing: Promise<readonly EvaluationOutcome[]> | undefined;

  /** Starts nothing: the first pull does. */
  constructor(session: Session, planned: PlannedEvaluation, options: EvaluationRunOptions) {
    this.#session = session;
    this.#planned = planned;
    this.#options = options;
    this.#warnings = new Warnings((event) => session.emit(event));
    const { evaluation } = planned.named;
    this.limit = evaluation.options.concurrency ?? Infinity;
    this.#start = session.clock.monotonic();
    const ownModel = "model" in (evaluation.options.fixtures ?? {});
    this.#models = planned.variants.map(({ variant: { model } }) =>
      model && !ownModel ? session.models.hold(model) : undefined
    );
    this.#items = new ItemSource(evaluation, {
      variants: planned.variants.length,
      samples: options.samples,
      shard: session.shard,
      table: planned.table,
      onDue: (variant) => {
        this.#preparing[variant] ??= this.#prepare(variant);
      },
      // Calls take several turns of the event loop; a new session has none yet.
      breathe: () => options.control.underWay.size > 0 ? turn(session.clock) : quickTurn(),
    });
    this.#work = new HeldWork({
      source: { next: () => this.#items.pull() },
      variants: planned.variants.length,
      isHeldUp: (variant) => this.#runners[variant]?.isHeldUp ?? false,
    });
    options.limits.onFreed(() => this.#work.wake());
    for (const { tally } of planned.variants) tally.onFree = () => this.#work.wake();
  }

  /** Says what is about to run; the time of its own budget runs from here. */
  announce(): void {
    const { budget } = this.#planned.named.evaluation.options;
    this.#ownBudget = budget && new RunBudget({
      ...budget,
      clock: this.#session.clock,
      whose: `The budget of ${this.#planned.named.name}`,
      onSpent: (error, kind) => {
        this.#session.emit(warning(error));
        this.stopEarly(error, kind === "time" ? BUDGET_GRACE_MS : undefined);
      },
    });
    const all = this.#knownItems();
    // How many of them are in a shard is known only once they were all read.
    const items = this.#session.shard ? undefined : all;
    for (const run of this.#planned.variants) {
      this.#session.committed.set(run.stored.id, (records) => {
        this.#session.emit(run.commit(records));
      });
      this.#session.emit({
        type: "evaluation-started",
        evaluation: run.ref,
        items,
        recorded: Math.min(run.completed - run.errors, items ?? Infinity),
        failed: run.errors,
      });
    }
  }

  /** Starts no more of it, for a reason that is told; what is under way may come to its end. */
  stopEarly(error: DotevalsError, graceMs?: number): void {
    if (this.#early || this.#finishing) return;
    this.#early = { error };
    this.#work.close();
    if (graceMs !== undefined) this.#abandonAfter(graceMs, this.#runners);
  }

  /** The next piece of work whose model and fixtures stand. */
  pull(): Work | undefined | Promise<Work | undefined> {
    if (this.#early) {
      this.#abandoned = true;
      return undefined;
    }
    const pulled = this.#work.next();
    return pulled instanceof Promise
      ? pulled.then((work) => this.#whenPrepared(work))
      : this.#whenPrepared(pulled);
  }

  /** Runs a piece of work and hands its records to the recorder. */
  async perform(work: Work, place?: ItemPlace): Promise<CallOutcome | undefined> {
    const run = this.#planned.variants[work.variant];
    const runner = this.#runners[work.variant];
    // A variant that failed meanwhile leaves its items to be done.
    if (!run || !runner) return undefined;
    const finished = await runner.run(work, place);
    if (finished.length === 0) this.#abandoned = true;
    const { recorder, secrets } = this.#session;
    const records = finished.map(({ item, record: made, outcome }) => {
      const record = withoutSecrets(made, secrets);
      if (item.failedBefore) run.replaces(record);
      for (const score of "result" in outcome ? outcome.result.scores : []) {
        const definitions = run.learn(score);
        if (definitions.length > 0) recorder.define(run.stored.id, definitions);
        if (score.error !== undefined && record.error === undefined) {
          this.#warnings.once(`${run.ref.label} ${score.name}`, thrownScore(run.ref, score));
        }
      }
      return record;
    });
    recorder.add(records);
    return outcomeOfItems(finished);
  }

  /** The dataset failed: nothing more comes from it. */
  fail(error: unknown): void {
    this.#failure = { error };
  }

  /** Its last piece of work is done. */
  drained(): void {
    this.#drained = true;
    const items = this.#items.ownRows * this.#repeats();
    for (const { ref } of this.#planned.variants) {
      this.#session.emit({ type: "evaluation-counted", evaluation: ref, items });
    }
    // What goes wrong here is thrown to whoever asks for the outcomes.
    this.finish().catch(() => {});
  }

  /** Closes the books, once: marks rows that are gone, computes metrics, stores how it ended. */
  finish(): Promise<readonly EvaluationOutcome[]> {
    return this.#finishing ??= this.#finish();
  }

  /** Needs its models no longer: its last item is done, or none will be. */
  release(): void {
    for (const model of this.#models) model?.release();
  }

  async #finish(): Promise<readonly EvaluationOutcome[]> {
    this.release();
    this.#ownBudget?.[Symbol.dispose]();
    this.#graces.dispose();
    this.#items.close();
    if (this.#items.complete && this.#items.rows === 0) {
      this.#warnings.once("empty", emptyDataset(this.#planned.named.name));
    }
    const durationMs = Math.round(this.#session.clock.monotonic() - this.#start);
    const outcomes: EvaluationOutcome[] = [];
    for (const [index, run] of this.#planned.variants.entries()) {
      const failure = this.#failure ?? run.failure;
      const end = this.#endOf(failure !== undefined);
      outcomes.push(
        await finishVariant(this.#session, run, {
          index,
          end,
          failure: failure ?? (end === "interrupted" ? this.#early : undefined),
          items: Math.max(this.#items.rows * this.#repeats(), this.#knownItems() ?? 0),
          isCounted: end === "complete" || this.#items.complete || this.#knownItems() !== undefined,
          ownItems: this.#items.ownRows * this.#repeats(),
          passComplete: end === "complete" && this.#items.complete,
          table: this.#planned.table,
          durationMs,
        }),
      );
      this.#session.committed.delete(run.stored.id);
    }
    return outcomes;
  }

  #endOf(failed: boolean): EvaluationEnd {
    if (failed) return "failed";
    return this.#drained && !this.#abandoned ? "complete" : "interrupted";
  }

  /** Items of a variant, where that is known without reading the dataset. */
  #knownItems(): number | undefined {
    const size = sizeOf(this.#planned.named.evaluation.dataset);
    if (size === undefined) return undefined;
    return Math.min(size, this.#options.samples ?? size) * this.#repeats();
  }

  #repeats(): number {
    return this.#planned.named.evaluation.options.repeats ?? 1;
  }

  #whenPrepared(work: Work | undefined): Work | undefined | Promise<Work | undefined> {
    if (!work && this.#early) this.#abandoned = true;
    if (!work || this.#runners[work.variant]) return work;
    const { control } = this.#options;
    return Promise.race([this.#preparing[work.variant], control.stopping]).then(() => {
      if (this.#runners[work.variant]) return work;
      // Nothing is gained by reading on when no variant can run.
      if (this.#planned.variants.every(({ failure }) => failure)) return undefined;
      if (control.isStopping) {
        this.#abandoned = true;
        return undefined;
      }
      return this.pull();
    });
  }

  /** Sets up what a variant's items need; a failure is the variant's, not the session's. */
  async #prepare(index: number): Promise<void> {
    const run = this.#planned.variants[index];
    if (!run) return;
    const { control, limits, budget } = this.#options;
    try {
      await run.ready;
      this.#runners[index] = await makeRunner(this.#session, {
        named: this.#planned.named,
        run,
        hold: this.#models[index],
        limits,
        budgets: [this.#ownBudget, budget].filter((each) => each !== undefined),
        underWay: control.underWay,
        onFutile: (error) => this.#end(index, error),
        onUnknownCost: (model) =>
          this.#warnings.once(`price ${model}`, unknownPrice(this.#planned.named.name, model)),
      });
    } catch (error) {
      if (!control.isStopping) run.failure = { error };
    }
  }

  /** Ends a variant: what waits, and what is left, stays to be done. Calls under way are paid for. */
  #end(index: number, error: unknown): void {
    const run = this.#planned.variants[index];
    const runner = this.#runners[index];
    if (!run || !runner || run.failure || this.#finishing) return;
    run.failure = { error };
    this.#runners[index] = undefined;
    runner.abandonWaiting();
    this.#abandonAfter(BUDGET_GRACE_MS, [runner]);
  }

  #abandonAfter(graceMs: number, runners: readonly (ItemsRunner | undefined)[]): void {
    const abandon = () => runners.forEach((runner) => runner?.abandon());
    this.#graces.defer(this.#session.clock.after(graceMs, abandon));
  }
}
