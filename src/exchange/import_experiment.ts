/**
 * Writes an imported experiment into a storage: all of it, or nothing.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { counted } from "../report/numbers.ts";
import { experimentExists } from "../storage/experiment_summary.ts";
import { TOO_LARGE_ERROR } from "../storage/left_out.ts";
import type { SessionHolder, Storage, StorageSession } from "../storage/storage.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { MetricDefinition } from "../storage/stored_metric.ts";
import type { ItemKey, ItemRecordDraft } from "../storage/stored_record.ts";
import type { Entry, EvaluationEntry, ResultEntry } from "./entry.ts";

/** Results of a commit, and characters of their texts, at most. */
const BATCH = 500;
const BATCH_CHARACTERS = 4_000_000;

/** Results with more characters may be too large for a server, and are looked at again. */
const LARGE_CHARACTERS = 500_000;

/** Options of {@linkcode importExperiment}. */
export interface ImportOptions {
  /** What the experiment is to be called. */
  readonly name: string;
  readonly holder: SessionHolder;
  /** Told what the user should know. */
  readonly onNotice: (text: string) => void;
}

/** What was imported. */
export interface ImportOutcome {
  readonly evaluations: number;
  readonly results: number;
}

/**
 * Imports an experiment under a name that is not taken: until it is whole it has another name, and
 * what is left of an import that was killed is removed by the next one.
 *
 * @throws {DotevalsError} `experiment-exists`, or what is wrong with the file
 */
export async function importExperiment(
  storage: Storage,
  entries: AsyncIterable<Entry>,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { name, holder } = options;
  if (await storage.experiment(name) !== undefined) throw experimentExists(name);
  const unfinished = `${name} (unfinished import)`;
  if (await storage.experiment(unfinished) !== undefined) await storage.delete(unfinished);
  try {
    const outcome = await importInto(storage, entries, { ...options, name: unfinished, holder });
    await storage.rename(unfinished, name);
    return outcome;
  } catch (error) {
    await storage.delete(unfinished).catch(() => {});
    throw error;
  }
}

async function importInto(
  storage: Storage,
  entries: AsyncIterable<Entry>,
  { name, holder, onNotice }: ImportOptions,
): Promise<ImportOutcome> {
  await using session = await storage.begin(name, holder);
  const target = new ImportTarget(session);
  for await (const entry of entries) {
    if (entry.type === "experiment") target.saysAll = true;
    if (entry.type === "notice") onNotice(entry.text);
    if (entry.type === "evaluation") await target.define(entry);
    if (entry.type === "result") await target.add(entry);
  }
  const { given, missing, untold, ...outcome } = await target.finish();
  if (given > outcome.results) {
    const more = given - outcome.results;
    onNotice(
      `${more} of ${given} results are of an item with another one: that without an error is kept.`,
    );
  }
  if (missing > 0) {
    onNotice(
      `Results of ${
        counted(missing, "item")
      } are missing; evaluations that lack some are incomplete.`,
    );
  }
  if (untold > 0) {
    onNotice(
      `Of ${
        counted(untold, "evaluation")
      } there are results and no more, as of a run that was killed: ` +
        "incomplete.",
    );
  }
  await session.settle();
  const lost = await target.leftOut(storage);
  if (lost > 0) throw tooLarge(lost);
  await session.close();
  return outcome;
}

function tooLarge(count: number): DotevalsError {
  return new DotevalsError(`The storage does not take ${counted(count, "result")}: too large.`, {
    code: "import-too-large",
    hint: "Nothing was imported. A local file takes them: --storage file:PATH",
  });
}

/** What is known of an evaluation. */
interface Target {
  readonly id: EvaluationId;
  entry: EvaluationEntry | undefined;
  /** Results that were given; of one item there may be several. */
  given: number;
  readonly gone: Pick<ItemRecordDraft, "key" | "repeat">[];
  /** Those that may be too large for the storage. */
  readonly large: ItemKey[];
  /** Of scores without a line that says how to aggregate them. */
  readonly metrics: Map<string, MetricDefinition>;
}

class ImportTarget {
  /** Whether evaluations have lines of their own, so that one without has not come to its end. */
  saysAll = false;
  readonly #session: StorageSession;
  readonly #evaluations = new Map<string, Target>();
  #batch: ItemRecordDraft[] = [];
  #characters = 0;

  constructor(session: StorageSession) {
    this.#session = session;
  }

  /** Takes in an evaluation; its results may have come before. */
  async define(entry: EvaluationEntry): Promise<void> {
    const { name, variant, fingerprint } = entry.definition;
    const { id } = await this.#session.evaluation(entry.definition);
    const identity = JSON.stringify([name, variant]);
    const known = this.#evaluations.get(identity);
    if (known) {
      known.entry = entry;
      await this.#session.keep(id, fingerprint);
    } else this.#evaluations.set(identity, newTarget(id, entry));
  }

  /** Takes in a result. */
  async add({ evaluation, variant, record, gone }: ResultEntry): Promise<void> {
    const target = await this.#targetOf(evaluation, variant);
    target.given++;
    this.#batch.push({ ...record, evaluation: target.id });
    const characters = charactersOf(record);
    this.#characters += characters;
    const isLeftOut = record.error?.name === TOO_LARGE_ERROR;
    if (characters > LARGE_CHARACTERS && !isLeftOut) target.large.push(record.key);
    if (gone) target.gone.push({ key: record.key, repeat: record.repeat });
    if (target.entry === undefined) {
      for (const { name, value } of record.scores) {
        const metric = typeof value === "boolean" ? "accuracy" : "mean";
        if (typeof value !== "boolean" && typeof value !== "number") continue;
        target.metrics.set(name, { score: name, metric, parameters: {} });
      }
    }
    if (this.#batch.length < BATCH && this.#characters < BATCH_CHARACTERS) return;
    await this.#commit();
  }

  /** Writes what is left, and what is known of evaluations as a whole. */
  async finish(): Promise<
    ImportOutcome & {
      readonly given: number;
      readonly missing: number;
      /** Evaluations of which there should be more than results. */
      readonly untold: number;
    }
  > {
    await this.#commit();
    let [results, given, missing] = [0, 0, 0];
    for (const target of this.#evaluations.values()) {
      const finished = await this.#finish(target);
      results += finished.results;
      missing += finished.missing;
      given += target.given;
    }
    const entries = [...this.#evaluations.values()].map(({ entry }) => entry);
    const untold = this.saysAll ? entries.filter((entry) => entry === undefined).length : 0;
    return { evaluations: this.#evaluations.size, results, given, missing, untold };
  }

  /** How many results the storage has left out as too large, once all of them have arrived. */
  async leftOut(storage: Storage): Promise<number> {
    let count = 0;
    for (const { id, large } of this.#evaluations.values()) {
      for (const keyPrefix of new Set(large)) {
        for await (const { error } of storage.records(id, { keyPrefix })) {
          if (error?.name === TOO_LARGE_ERROR) count++;
        }
      }
    }
    return count;
  }

  async #targetOf(name: string, variant: string): Promise<Target> {
    const identity = JSON.stringify([name, variant]);
    const known = this.#evaluations.get(identity);
    if (known) return known;
    const { id } = await this.#session.evaluation({
      name,
      variant,
      fingerprint: { code: "imported", model: "", major: "", version: "" },
      metadata: undefined,
      tags: [],
    });
    const target = newTarget(id, undefined);
    this.#evaluations.set(identity, target);
    return target;
  }

  async #commit(): Promise<void> {
    const records = this.#batch;
    [this.#batch, this.#characters] = [[], 0];
    while (records.length > 0) {
      await this.#session.commit(records.splice(0, this.#session.commitSize));
    }
  }

  /** Returns how many results it has, and how many it lacks of those that it says to be complete with. */
  async #finish(
    { id, entry, given, gone, metrics }: Target,
  ): Promise<{ readonly results: number; readonly missing: number }> {
    const session = this.#session;
    const defined = entry?.metrics ?? [...metrics.values()].map((metric) => ({
      ...metric,
      computed: undefined,
    }));
    if (defined.length > 0) {
      const definitions = defined.map(({ score, metric, parameters }) => {
        return { score, metric, parameters };
      });
      await session.commit([], [{ evaluation: id, metrics: definitions }]);
    }
    if (gone.length > 0) await session.mark(id, gone, true);
    const isComplete = entry ? entry.status === "complete" : !this.saysAll;
    const status = isComplete ? "complete" : "incomplete";
    const items = entry?.items ?? given - gone.length;
    let { revision, completed } = await session.finish(id, status, items);
    const missing = status === "complete" ? Math.max(0, items - completed) : 0;
    if (missing > 0) ({ revision, completed } = await session.finish(id, "incomplete", items));
    for (const { score, metric, parameters, computed } of defined) {
      if (computed === undefined) continue;
      const { value, details, results, current } = computed;
      const stored = { score, metric, parameters, value, ...details !== undefined && { details } };
      const asOf = { results, revision: current ? revision : revision - 1 };
      await session.storeMetrics(id, [stored], asOf);
    }
    return { results: completed + gone.length, missing };
  }
}

function newTarget(id: EvaluationId, entry: EvaluationEntry | undefined): Target {
  return { id, entry, given: 0, gone: [], large: [], metrics: new Map() };
}

function charactersOf(
  { row, prompt = "", response = "", metadata = "", calls }: ResultEntry["record"],
): number {
  return calls.reduce(
    (sum, { request = "", response = "" }) => sum + request.length + response.length,
    row.length + prompt.length + response.length + metadata.length,
  );
}
