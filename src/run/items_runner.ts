/**
 * Runs pieces of work: calls the user's function and makes records of what it returns.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Evaluation } from "../evaluation/evaluation.ts";
import type { Item, Work } from "../plan/items.ts";
import { isOverload } from "../providers/call_failure.ts";
import type { ItemPlace } from "../schedule/item_gate.ts";
import type { CallOutcome } from "../schedule/strategy.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import { batchOutcomes, type ItemOutcome, outcomeOf } from "./item_outcome.ts";
import { recordOf } from "./item_record.ts";
import { ItemScope, type ScopeSettings } from "./item_scope.ts";

/** An item's record, with the outcome that it was made from. */
export interface FinishedItem {
  readonly item: Item;
  readonly record: ItemRecordDraft;
  readonly outcome: ItemOutcome;
}

/** Runs the work of one evaluation under one variant. */
export class ItemsRunner {
  readonly #evaluation: Evaluation;
  readonly #id: EvaluationId;
  readonly #settings: ScopeSettings;
  readonly #clock: Clock;
  readonly #underWay: Set<ItemScope>;
  readonly #own = new Set<ItemScope>();

  /** Notes in `underWay` what can be stopped. */
  constructor(
    evaluation: Evaluation,
    id: EvaluationId,
    settings: ScopeSettings,
    underWay: Set<ItemScope>,
  ) {
    this.#evaluation = evaluation;
    this.#id = id;
    this.#settings = settings;
    this.#clock = settings.calls.clock;
    this.#underWay = underWay;
  }

  /** Runs a piece of work to its end; never throws. Abandoned work gives nothing to record. */
  async run(work: Work, place?: ItemPlace): Promise<readonly FinishedItem[]> {
    const startedAt = this.#clock.now();
    const start = this.#clock.monotonic();
    const scope = new ItemScope(this.#settings, work, place);
    this.#underWay.add(scope);
    this.#own.add(scope);
    const { tally } = this.#settings;
    tally.items += work.items.length;
    const made = this.#outcomes(work, scope);
    const outcomes = made instanceof Promise ? await made : made;
    tally.items -= work.items.length;
    this.#underWay.delete(scope);
    this.#own.delete(scope);
    if (scope.abandoned) return [];
    const durationMs = Math.round((this.#clock.monotonic() - start) * 1000) / 1000;
    const timing = { startedAt, durationMs, notes: scope.notes };
    return work.items.map((item, index) => {
      const outcome = outcomes[index] ?? { thrown: new Error("no outcome") };
      const own = { ...timing, ownsCalls: index === 0 };
      return { item, outcome, record: recordOf(this.#id, item, outcome, own) };
    });
  }

  /** Ends all that it runs; nothing of it is recorded. */
  abandon(): void {
    for (const scope of [...this.#own]) scope.abandon();
  }

  /** Whether an item would wait for an endpoint that is away, as calls do already. */
  get isHeldUp(): boolean {
    const { model, tally, calls: { limits } } = this.#settings;
    return tally.isHeldUp(this.#clock.monotonic()) || model !== undefined && limits.isHeldUp(model);
  }

  /** Ends what does nothing but wait for turns and further attempts. */
  abandonWaiting(): void {
    for (const scope of [...this.#own]) if (scope.isWaiting) scope.abandon();
  }

  /** A function that does not wait costs no promise. */
  #outcomes(
    work: Work,
    scope: ItemScope,
  ): readonly ItemOutcome[] | Promise<readonly ItemOutcome[]> {
    const [first] = work.items;
    if (first.unfit) return [{ thrown: first.unfit.thrown }];
    const { kind } = this.#evaluation;
    const fn = this.#evaluation.fn as (input: unknown, context: unknown) => unknown;
    const outcomes = (returned: unknown) =>
      kind === "foreach" ? [outcomeOf(returned)] : batchOutcomes(returned, work.items.length);
    const failures = (thrown: unknown) => work.items.map(() => ({ thrown }));
    try {
      const input = kind === "foreach" ? first.input : this.#batchInput(work.items);
      const called = scope.call((context) => fn(input, context));
      return called instanceof Promise ? called.then(outcomes).catch(failures) : outcomes(called);
    } catch (thrown) {
      return failures(thrown);
    }
  }

  /** Columns as arrays; whole rows as an array. */
  #batchInput(items: readonly Item[]): unknown {
    const { columns } = this.#evaluation;
    if (!columns) return items.map(({ input }) => input);
    return Object.fromEntries(
      columns.map((name) => [
        name,
        items.map(({ input }) => (input as Readonly<Record<string, unknown>>)[name]),
      ]),
    );
  }
}

/** What items that ended say of how many may be under way: whatever they call may refuse them. */
export function outcomeOfItems(finished: readonly FinishedItem[]): CallOutcome | undefined {
  const [first] = finished;
  if (!first) return undefined;
  const error = "thrown" in first.outcome
    ? first.outcome.thrown
    : first.outcome.result.error ?? first.outcome.result.scores.find((own) => own.error)?.error;
  return error !== undefined && isOverload(error) ? "refused" : "answered";
}
