/**
 * What the storage in memory keeps of experiments.
 *
 * @module
 */
import type { Occupant } from "./lease_errors.ts";
import type {
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  ItemKey,
  ItemRecordDraft,
  RecordedScore,
  RunStatus,
  StoredEvaluation,
  StoredMetric,
  StoredRecord,
} from "./storage.ts";

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
  /** The session that may write to it now. */
  session: HoldingSession | undefined;
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

/** One generation of an evaluation under one variant. */
export class MemoryEvaluation {
  readonly id: EvaluationId;
  readonly generation: number;
  readonly ordinal: number;
  definition: EvaluationDefinition;
  status: RunStatus = "running";
  items = 0;
  revision = 0;
  readonly metrics = new Map<string, StoredMetric>();
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

  /** The scores of what is not gone. */
  *scores(): Generator<RecordedScore> {
    for (const record of this.#records.values()) if (!record.gone) yield* record.scores;
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
      status: this.status,
      items: Math.max(this.items, there.length),
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
