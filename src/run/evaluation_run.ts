/**
 * One evaluation while it runs: hands out its work, records what comes back, and finishes.
 *
 * @module
 */
import { sizeOf } from "../evaluation/dataset.ts";
import type { Score } from "../evaluation/score.ts";
import { ItemSource, type Work } from "../plan/items.ts";
import { isOverload } from "../providers/call_failure.ts";
import type { ModelSpec } from "../providers/model_spec.ts";
import type { ModelHandle } from "../providers/provider.ts";
import type { ItemPlace } from "../schedule/item_gate.ts";
import type { CallOutcome } from "../schedule/strategy.ts";
import type { TurnSource } from "../schedule/turns.ts";
import type { RunLimits } from "./endpoints.ts";
import type { EvaluationEnd } from "./events.ts";
import { type EvaluationOutcome, finishVariant } from "./finish.ts";
import { FutileCalls } from "./futile_calls.ts";
import { type FinishedItem, ItemsRunner } from "./items_runner.ts";
import type { NamedModel } from "./model_calls.ts";
import type { ModelHold } from "./model_pool.ts";
import type { PlannedEvaluation } from "./plan_run.ts";
import { recordedError } from "./recorded_error.ts";
import type { RunControl } from "./run_control.ts";
import { withoutSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";
import type { VariantRun } from "./variant_run.ts";

/** What an evaluation's run needs beside its plan. */
export interface EvaluationRunOptions {
  /** Only the dataset's first so many rows. */
  readonly samples: number | undefined;
  /** Stops this run. */
  readonly control: RunControl;
  /** How calls are let through to their endpoints. */
  readonly limits: RunLimits;
}

/** One evaluation while it runs. */
export class EvaluationRun implements TurnSource<Work> {
  /** At most so many of its pieces of work are under way at once. */
  readonly limit: number;

  #session: Session;
  #planned: PlannedEvaluation;
  #options: EvaluationRunOptions;
  #items: ItemSource;
  #runners: (ItemsRunner | undefined)[] = [];
  #preparing: (Promise<void> | undefined)[] = [];
  /** The variants' models, which stand until the last item is done. */
  #models: readonly (ModelHold | undefined)[];
  #failure: { readonly error: unknown } | undefined;
  /** Scores whose evaluators' errors were told. */
  #told = new Set<string>();
  #start: number;
  #drained = false;
  #abandoned = false;
  #finishing: Promise<readonly EvaluationOutcome[]> | undefined;

  /** Starts nothing: the first pull does. */
  constructor(session: Session, planned: PlannedEvaluation, options: EvaluationRunOptions) {
    this.#session = session;
    this.#planned = planned;
    this.#options = options;
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
      breathe: () => new Promise((resolve) => session.clock.after(0, resolve)),
    });
  }

  /** Says what is about to run. */
  announce(): void {
    const all = this.#knownItems();
    // How many of them are in a shard is known only once they were all read.
    const items = this.#session.shard ? undefined : all;
    for (const run of this.#planned.variants) {
      this.#session.committed.set(run.stored.id, (records) => {
        run.committed(records);
        const { ref, completed, errors } = run;
        this.#session.emit({
          type: "items-committed",
          evaluation: ref,
          records,
          completed,
          errors,
          metrics: run.running(),
        });
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

  /** The next piece of work whose model and fixtures stand. */
  pull(): Work | undefined | Promise<Work | undefined> {
    const pulled = this.#items.pull();
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
        if (score.error !== undefined && record.error === undefined) this.#tell(run, score);
      }
      return record;
    });
    recorder.add(records);
    return outcomeFor(finished);
  }

  /** Says, once for each score, that its evaluator threw: the item is recorded all the same. */
  #tell(run: VariantRun, { name, value }: Score): void {
    const told = `${run.stored.id} ${name}`;
    if (this.#told.has(told)) return;
    this.#told.add(told);
    const error = typeof value === "object" ? value.error : undefined;
    this.#session.emit({
      type: "message",
      level: "warn",
      text: `The evaluator of the score "${name}" of ${run.ref.label} threw ${error}. ` +
        "The score counts as wrong; the item's other scores stay.",
      source: "dotevals",
    });
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
    this.#items.close();
    if (this.#items.complete && this.#items.rows === 0) this.#warn("its dataset is empty.");
    const durationMs = Math.round(this.#session.clock.monotonic() - this.#start);
    const outcomes: EvaluationOutcome[] = [];
    for (const [index, run] of this.#planned.variants.entries()) {
      const failure = this.#failure ?? run.failure;
      const end = this.#endOf(failure !== undefined);
      outcomes.push(
        await finishVariant(this.#session, run, {
          index,
          end,
          failure,
          items: Math.max(this.#items.rows * this.#repeats(), this.#knownItems() ?? 0),
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
    if (!work || this.#runners[work.variant]) return work;
    const { control } = this.#options;
    return Promise.race([this.#preparing[work.variant], control.stopping]).then(() => {
      if (this.#runners[work.variant]) return work;
      // Nothing is gained by reading on when no variant can run.
      if (this.#allFailed()) return undefined;
      if (control.isStopping) {
        this.#abandoned = true;
        return undefined;
      }
      return this.pull();
    });
  }

  #allFailed(): boolean {
    return this.#planned.variants.every(({ failure }) => failure !== undefined);
  }

  /** Sets up what a variant's items need; a failure is the variant's, not the session's. */
  async #prepare(index: number): Promise<void> {
    const run = this.#planned.variants[index];
    if (!run) return;
    try {
      this.#runners[index] = await this.#makeRunner(run, this.#models[index]);
    } catch (error) {
      if (!this.#options.control.isStopping) run.failure = { error };
    }
  }

  async #makeRunner(run: VariantRun, hold: ModelHold | undefined): Promise<ItemsRunner> {
    const { evaluation, name } = this.#planned.named;
    const { fixtures: used = {}, retry = {}, timeout, callTimeout } = evaluation.options;
    const { clock, random, timer, fixtures, prices } = this.#session;
    const spec = run.variant.model;
    const [handle, ...values] = await Promise.all([
      hold?.handle(),
      ...Object.entries(used).map(([name, made]) => fixtures.value(name, made)),
    ]);
    if (handle?.pricedAs) void prices.prepare();
    const futile = new FutileCalls();
    return new ItemsRunner(evaluation, run.stored.id, {
      evaluation: name,
      model: handle && spec && namedModel(spec, handle),
      params: run.variant.params,
      fixtures: Object.fromEntries(Object.keys(used).map((key, at) => [key, values[at]])),
      timeout,
      timer,
      calls: {
        clock,
        random,
        retry,
        prices,
        callTimeout,
        limits: this.#options.limits,
        onAnswered: () => futile.answered(),
        onFailed: (call) => {
          const error = FutileCalls.down(call, clock.monotonic()) ?? futile.failed(call);
          if (error) this.#end(run, error);
        },
        onRetry: ({ error, ...retried }) => {
          const { name, message } = recordedError(error);
          const failure = { name, message };
          this.#session.emit({
            type: "call-retried",
            evaluation: run.ref,
            ...retried,
            error: failure,
          });
        },
      },
    }, this.#options.control.underWay);
  }

  /** Ends a variant: what of it is under way, and what is left, stays to be done. */
  #end(run: VariantRun, error: unknown): void {
    if (run.failure) return;
    run.failure = { error };
    const index = this.#planned.variants.indexOf(run);
    const runner = this.#runners[index];
    this.#runners[index] = undefined;
    runner?.abandon();
  }

  #warn(what: string): void {
    this.#session.emit({
      type: "message",
      level: "warn",
      text: `${this.#planned.named.name}: ${what}`,
      source: "dotevals",
    });
  }
}

function namedModel(spec: ModelSpec, handle: ModelHandle): NamedModel {
  const { model, pricedAs, load, resourceId, limitedAs = resourceId } = handle;
  const [provider] = spec.spec.split(":");
  return { model, name: spec.name, pricedAs, load, endpoint: `${provider} ${limitedAs}` };
}

/** What items that ended say of how many may be under way: whatever they call may refuse them. */
function outcomeFor(finished: readonly FinishedItem[]): CallOutcome | undefined {
  const [first] = finished;
  if (!first) return undefined;
  const error = "thrown" in first.outcome
    ? first.outcome.thrown
    : first.outcome.result.error ?? first.outcome.result.scores.find((own) => own.error)?.error;
  return error !== undefined && isOverload(error) ? "refused" : "answered";
}
