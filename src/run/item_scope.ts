/**
 * One piece of work under way: its context, its timeout, and how it is stopped.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { ItemInfo } from "../evaluation/context.ts";
import {
  type ModelTitle,
  runAsItem,
  type RunningItem,
  runningItem,
} from "../evaluation/running_item.ts";
import type { Item, Work } from "../plan/items.ts";
import type { Model } from "../providers/model.ts";
import type { AwakeTimeout, AwakeTimer } from "../schedule/awake_timer.ts";
import type { Endpoint } from "../schedule/endpoint.ts";
import type { ItemPlace } from "../schedule/item_gate.ts";
import type { CallContext, ItemTurns, NamedModel } from "./call_context.ts";
import { CallNotes } from "./call_notes.ts";
import type { CallTally, WaitingFor } from "./call_tally.ts";
import { modelForItem } from "./model_calls.ts";

/** What all items of an evaluation under one variant have in common. */
export interface ScopeSettings {
  readonly evaluation: string;
  readonly model: NamedModel | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  readonly fixtures: Readonly<Record<string, unknown>>;
  readonly timeout: number | undefined;
  readonly timer: AwakeTimer;
  /** Counts the evaluation's calls that are under way. */
  readonly tally: CallTally;
  readonly calls: Omit<CallContext, "signal" | "turns" | "timer" | "onVain">;
}

/** An item took longer than its evaluation's `timeout`; becomes the error of the item. */
export class ItemTimeoutError extends Error {
  /** Says how long it was given. */
  constructor(milliseconds: number) {
    super(`The item took longer than its timeout of ${milliseconds} ms.`);
    this.name = "ItemTimeoutError";
  }
}

/** One piece of work under way. */
export class ItemScope implements ItemTurns {
  /** Whether it was stopped because the session ends: it then stays to be done. */
  abandoned = false;
  /** What it asked of its models. */
  readonly notes: CallNotes = new CallNotes();

  #settings: ScopeSettings;
  #work: Work;
  #controller: AbortController | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #timeout: AwakeTimeout | undefined;
  #place: ItemPlace | undefined;
  #ownModel: Model | undefined;
  #calls = 0;
  #waiting = 0;

  /** Starts nothing yet; `place` is told of its calls. */
  constructor(settings: ScopeSettings, work: Work, place?: ItemPlace) {
    this.#settings = settings;
    this.#work = work;
    this.#place = place;
  }

  /** A call is made. */
  began(): void {
    this.#calls++;
    this.#settings.tally.calls++;
    this.#place?.callBegan();
    if (this.#waiting > 0) this.#timeout?.resume();
  }

  /** It has come to its end. */
  ended(): void {
    this.#calls--;
    this.#settings.tally.calls--;
    this.#place?.callEnded();
    this.#pauseIfIdle();
  }

  /** A call waits for its turn; the item's time stands still while all of its calls do. */
  waits(what: WaitingFor, at?: Endpoint): void {
    this.#waiting++;
    this.#settings.tally.waits(what, at);
    this.#pauseIfIdle();
  }

  /** It goes on. */
  goesOn(what: WaitingFor, at?: Endpoint): void {
    this.#settings.tally.goesOn(what, at);
    if (this.#waiting-- === this.#calls) this.#timeout?.resume();
  }

  /** Whether all of its calls wait. */
  get isWaiting(): boolean {
    return this.#calls > 0 && this.#waiting === this.#calls;
  }

  #pauseIfIdle(): void {
    if (this.isWaiting) this.#timeout?.pause();
  }

  /** Calls the user's function; ends when that does, at the timeout, or when stopped. */
  call(fn: (context: unknown) => unknown): unknown {
    const returned = runAsItem(new ScopedItem(this), () => fn(this.#context()));
    if (!(typeof returned === "object" && returned !== null && "then" in returned)) return returned;
    const { timeout, timer } = this.#settings;
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      if (timeout !== undefined) {
        this.#timeout = timer.start(timeout, () => this.stop(new ItemTimeoutError(timeout)));
      }
      const settled = Promise.resolve(returned).then(resolve, reject);
      if (timeout !== undefined) settled.then(() => this.#timeout?.clear());
    });
  }

  /** Ends it now: aborts its signal, and waits no longer for its function. */
  stop(reason: unknown): void {
    this.#timeout?.clear();
    this.#controller?.abort(reason);
    this.#reject?.(reason);
  }

  /** Ends it now because the session ends. */
  abandon(): void {
    this.abandoned = true;
    this.stop(new Error("The session is stopping."));
  }

  /** What it is called where it is told of. */
  title(): string {
    return titleOf(this.#settings.evaluation, this.#work);
  }

  /** A model whose calls are this item's. */
  model(named: NamedModel): Model {
    const { calls, timer } = this.#settings;
    const signal = this.signal();
    const onVain = () => this.abandon();
    return modelForItem(named, this.notes, { ...calls, timer, signal, turns: this, onVain });
  }

  /** Aborted when it is stopped. */
  signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  #context(): unknown {
    const { params, fixtures } = this.#settings;
    const context = new ScopeContext(this, params, this.#work.items.map(toInfo));
    // Fixtures come last: one called `model` takes the place of the model.
    for (const name of Object.keys(fixtures)) {
      Object.defineProperty(context, name, { value: fixtures[name], enumerable: true });
    }
    return context;
  }

  /** The model of its evaluation's variant. */
  ownModel(): Model {
    const { model, evaluation } = this.#settings;
    if (!model) throw noModel(evaluation);
    return this.#ownModel ??= this.model(model);
  }
}

/** What the user's function gets beside its row; what it does not ask for is not made. */
class ScopeContext {
  readonly params: Readonly<Record<string, unknown>>;
  readonly items: readonly ItemInfo[];
  readonly #scope: ItemScope;

  constructor(
    scope: ItemScope,
    params: Readonly<Record<string, unknown>>,
    items: readonly ItemInfo[],
  ) {
    this.#scope = scope;
    this.params = params;
    this.items = items;
  }

  get item(): ItemInfo | undefined {
    return this.items[0];
  }

  get signal(): AbortSignal {
    return this.#scope.signal();
  }

  get model(): Model {
    return this.#scope.ownModel();
  }
}

/** The item for the code that it calls. */
class ScopedItem implements RunningItem {
  readonly #scope: ItemScope;

  constructor(scope: ItemScope) {
    this.#scope = scope;
  }

  get title(): string {
    return this.#scope.title();
  }

  model(client: Model, title: ModelTitle): Model {
    const scope = this.#scope;
    // A client may call another one: that call waits for no place, since its caller holds one.
    const inside: RunningItem = {
      title: scope.title(),
      model: (client, title) => scope.model({ ...title, model: client, isInside: true }),
    };
    return scope.model({ ...title, model: client, inside: (call) => runAsItem(inside, call) });
  }
}

function toInfo({ key, position, repeat }: Item): ItemInfo {
  return { key, position, repeat };
}

/** The evaluation and row that the code runs for which asks, where that is known. */
export function runningTitle(): string | undefined {
  return runningItem()?.title;
}

/** The evaluation and the row, as `show` names it; of a batch, the first. */
function titleOf(evaluation: string, { items: [first, ...others] }: Work): string {
  const { position, repeat } = first;
  return `${evaluation}, row ${position}${repeat > 0 ? `, repeat ${repeat}` : ""}${
    others.length > 0 ? ` and ${others.length} more` : ""
  }`;
}

function noModel(evaluation: string): DotevalsError {
  return new DotevalsError(`"${evaluation}" uses context.model, and no model was given.`, {
    code: "no-model",
    hint: 'Give one with --model openai:gpt-4o-mini (in code: run(…, { model: "…" })), as the ' +
      "evaluation's option model, or as a fixture called model.",
  });
}
