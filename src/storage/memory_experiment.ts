/**
 * What the storage in memory keeps of experiments.
 *
 * @module
 */
import type { Occupant } from "./lease_errors.ts";
import type { RecordedCall } from "./recorded_call.ts";
import { shardCount } from "./shard.ts";
import type {
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  RunStatus,
  StoredEvaluation,
} from "./stored_evaluation.ts";
import type { StoredMetric } from "./stored_metric.ts";
import type { ItemKey, ItemRecordDraft, RecordedScore, StoredRecord } from "./stored_record.ts";

/** A session, as the experiment that it holds sees it. */
export interface HoldingSession {
  /** Who holds the experiment, for whoever finds it in use. */
  occupant(): Occupant;
  /** Gives the experiment free. */
  close(): Promise<void>;
}

/** An experiment and its evaluations, older generations included. */
export class MemoryExperiment {
  name: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Greater than that of every experiment that changed before. */
  changed = 0;
  /** The sessions that may write to it now, by their shards' names. */
  readonly sessions = new Map<string, HoldingSession>();
  evaluations: MemoryEvaluation[] = [];

  /** An experiment without evaluations. */
  constructor(name: string, now: number) {
    this.name = name;
    this.createdAt = now;
    this.updatedAt = now;
  }

  /** The newest generation of each evaluation, in the order of first runs. */
  newest(): readonly MemoryEvaluation[] {
    const newest = new Map<string, MemoryEvaluation>();
    for (const evaluation of this.evaluations) newest.set(evaluation.identity, evaluation);
    return [...newest.values()].sort((a, b) => a.ordinal - b.ordinal);
  }

  /** The newest generation of one evaluation. */
  find(name: string, variant: string): MemoryEvaluation | undefined {
    return this.evaluations.findLast((evaluation) =>
      evaluation.definition.name === name && evaluation.definition.variant === variant
    );
  }
}

/** How a session's pass over an evaluation stands. */
interface MemoryPass {
  readonly status: RunStatus;
  /** Items of the whole evaluation. */
  readonly items: number;
}

/** One generation of an evaluation under one variant. */
export class MemoryEvaluation {
  readonly id: EvaluationId;
  readonly generation: number;
  readonly ordinal: number;
  definition: EvaluationDefinition;
  revision = 0;
  readonly metrics = new Map<string, StoredMetric>();
  /** The last one of each shard, by the shard's name; all are of one count. */
  readonly #passes = new Map<string, MemoryPass>();
  #items = 0;
  #isComplete = false;
  readonly #records = new Map<string, StoredRecord>();

  /** An evaluation without records; generations of one share its ordinal. */
  constructor(
    definition: EvaluationDefinition,
    place: { readonly id: number; readonly generation: number; readonly ordinal: number },
  ) {
    this.definition = definition;
    this.id = place.id as EvaluationId;
    this.generation = place.generation;
    this.ordinal = place.ordinal;
  }

  /** What generations of one evaluation share. */
  get identity(): string {
    return JSON.stringify([this.definition.name, this.definition.variant]);
  }

  /** Whether results are recorded, or the session of another shard is at work on it. */
  isUsedBeside(shard: string): boolean {
    return this.#records.size > 0 ||
      [...this.#passes].some(([other, { status }]) => other !== shard && status === "running");
  }

  /** Begins the pass of a shard; passes over other parts do not add up with it. */
  begin(shard: string): void {
    for (const other of this.#passes.keys()) {
      if (shardCount(other) !== shardCount(shard)) this.#passes.delete(other);
    }
    this.#passes.set(shard, { status: "running", items: 0 });
    this.#isComplete = false;
  }

  /** Ends the pass of a shard. */
  finish(shard: string, pass: MemoryPass): void {
    this.#passes.set(shard, pass);
    const sawAll = pass.status === "complete" || shardCount(shard) === 1;
    this.#items = sawAll ? pass.items : Math.max(this.#items, pass.items);
    const alike = [...this.#passes.values()].filter(({ status, items }) =>
      status === "complete" && items === pass.items
    );
    this.#isComplete = alike.length === shardCount(shard);
  }

  /** Ends the pass of a session that is gone, where it runs. */
  leave(shard: string): void {
    const pass = this.#passes.get(shard);
    if (pass?.status === "running") this.#passes.set(shard, { ...pass, status: "incomplete" });
  }

  get #isRunning(): boolean {
    return [...this.#passes.values()].some(({ status }) => status === "running");
  }

  /** Replaces the fingerprint. */
  keep(fingerprint: Fingerprint): void {
    this.definition = { ...this.definition, fingerprint };
  }

  /** Stores a record unless its item has one without an error; says whether it did. */
  store(record: ItemRecordDraft): boolean {
    const item = itemName(record);
    const earlier = this.#records.get(item);
    if (earlier !== undefined && earlier.error === undefined) return false;
    this.#records.set(item, { ...record, gone: false });
    return true;
  }

  /** Marks a recorded item as gone or as there again. */
  mark(item: { readonly key: ItemKey; readonly repeat: number }, gone: boolean): void {
    const record = this.#records.get(itemName(item));
    if (record !== undefined) this.#records.set(itemName(item), { ...record, gone });
  }

  /** All records, as they came. */
  records(): Iterable<StoredRecord> {
    return this.#records.values();
  }

  /** All records, by position and repeat. */
  inOrder(): readonly StoredRecord[] {
    return [...this.#records.values()]
      .sort((a, b) => a.position - b.position || a.repeat - b.repeat);
  }

  /** The scores of what is not gone, each with its item. */
  *scores(): Generator<RecordedScore & { readonly item: StoredRecord }> {
    for (const item of this.#records.values()) {
      if (!item.gone) { for (const score of item.scores) yield { ...score, item }; }
    }
  }

  /** The calls of what is not gone. */
  *calls(): Generator<RecordedCall> {
    for (const record of this.#records.values()) if (!record.gone) yield* record.calls;
  }

  /** The evaluation with its counts. */
  toStored(): StoredEvaluation {
    const there = [...this.#records.values()].filter((record) => !record.gone);
    const { name, variant, fingerprint, metadata, tags } = this.definition;
    return {
      id: this.id,
      name,
      variant,
      generation: this.generation,
      fingerprint,
      status: this.#isRunning ? "running" : this.#isComplete ? "complete" : "incomplete",
      items: Math.max(this.#items, there.length),
      completed: there.length,
      errors: there.filter((record) => record.error !== undefined).length,
      gone: this.#records.size - there.length,
      revision: this.revision,
      metadata,
      tags,
    };
  }
}

function itemName({ key, repeat }: { readonly key: ItemKey; readonly repeat: number }): string {
  return `${key} ${repeat}`;
}
