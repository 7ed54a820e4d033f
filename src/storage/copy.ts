/**
 * Copies experiments from one storage to another.
 *
 * @module
 */
import { hash } from "node:crypto";
import { DotevalsError } from "../errors.ts";
import { canonical } from "../values/canonical.ts";
import type {
  EvaluationId,
  ItemRecordDraft,
  SessionHolder,
  Storage,
  StorageSession,
  StoredEvaluation,
  StoredRecord,
} from "./storage.ts";

/** Options of {@linkcode copyExperiment}. */
export interface CopyOptions {
  /** Who writes to the target. */
  readonly holder: SessionHolder;
  /** Told how many records of an evaluation are in the target, now and then. */
  readonly onProgress?: (evaluation: StoredEvaluation, records: number) => void;
}

/** What was copied of one experiment. */
export interface CopyOutcome {
  readonly evaluations: number;
  /** Records that are in both storages now. */
  readonly records: number;
  /** Those of them that were in the target before. */
  readonly present: number;
}

/**
 * Copies an experiment, record by record, and verifies the copy by count and checksum.
 *
 * Copying again goes on where it stopped: what the target holds is not written again. Of each
 * evaluation the newest generation is copied; which sessions ran it is not.
 *
 * @throws {DotevalsError} `copy-differs` where source and target are not the same in the end
 */
export async function copyExperiment(
  source: Storage,
  target: Storage,
  { experiment, holder, onProgress = () => {} }: CopyOptions & { readonly experiment: string },
): Promise<CopyOutcome> {
  const evaluations = await source.evaluations(experiment);
  const outcome = { evaluations: 0, records: 0, present: 0 };
  await using session = await target.begin(experiment, holder);
  for (const evaluation of evaluations) {
    const copied = await copyEvaluation({ source, session, evaluation, onProgress });
    await verify({ source, target, evaluation, copy: copied.id, experiment });
    outcome.evaluations++;
    outcome.records += copied.records;
    outcome.present += copied.present;
  }
  return outcome;
}

interface EvaluationCopy {
  readonly source: Storage;
  readonly session: StorageSession;
  readonly evaluation: StoredEvaluation;
  readonly onProgress: (evaluation: StoredEvaluation, records: number) => void;
}

async function copyEvaluation(
  { source, session, evaluation, onProgress }: EvaluationCopy,
): Promise<{ id: EvaluationId; records: number; present: number }> {
  const { name, variant, fingerprint, metadata, tags } = evaluation;
  const copy = await session.evaluation({ name, variant, fingerprint, metadata, tags });
  const present = await settledKeys(session, copy.id);
  const counts = { id: copy.id, records: 0, present: 0 };
  const gone: StoredRecord[] = [];
  let group: ItemRecordDraft[] = [];
  async function write(): Promise<void> {
    await session.commit(group);
    group = [];
    onProgress(evaluation, counts.records);
  }
  for await (const record of source.records(evaluation.id)) {
    counts.records++;
    if (record.gone) gone.push(record);
    if (present.has(identity(record))) counts.present++;
    else group.push({ ...record, evaluation: copy.id });
    if (group.length >= session.commitSize) await write();
  }
  await write();
  if (gone.length > 0) await session.mark(copy.id, gone, true);
  await copyMetrics({ source, session, evaluation, copy: copy.id });
  const status = evaluation.status === "complete" ? "complete" : "incomplete";
  await session.finish(copy.id, status, evaluation.items);
  return counts;
}

/** The items that the target holds without an error: they are not written again. */
async function settledKeys(
  session: StorageSession,
  evaluation: EvaluationId,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const page of session.recorded(evaluation)) {
    for (const item of page) if (!item.failed) keys.add(identity(item));
  }
  return keys;
}

function identity({ key, repeat }: { readonly key: string; readonly repeat: number }): string {
  return `${key}${repeat}`;
}

async function copyMetrics({ source, session, evaluation, copy }: {
  readonly source: Storage;
  readonly session: StorageSession;
  readonly evaluation: StoredEvaluation;
  readonly copy: EvaluationId;
}): Promise<void> {
  const metrics = await source.metrics(evaluation.id);
  await session.commit([], [{ evaluation: copy, metrics }]);
  const fresh = metrics.flatMap(({ computed, ...definition }) =>
    computed?.revision === evaluation.revision ? [{ ...definition, ...computed }] : []
  );
  await session.storeMetrics(copy, fresh);
}

interface Verification {
  readonly source: Storage;
  readonly target: Storage;
  readonly evaluation: StoredEvaluation;
  readonly copy: EvaluationId;
  readonly experiment: string;
}

async function verify(
  { source, target, evaluation, copy, experiment }: Verification,
): Promise<void> {
  const [before, after] = [await checksum(source, evaluation.id), await checksum(target, copy)];
  if (before.count === after.count && before.sum === after.sum) return;
  throw new DotevalsError(
    `The copy of "${evaluation.name}" in "${experiment}" differs: ${before.count} records in ` +
      `${source.location}, ${after.count} in ${target.location}.`,
    {
      code: "copy-differs",
      hint: "One of the two has results of its own: copy to another storage, or rename one.",
      exitCode: 3,
    },
  );
}

/** Count and checksum of an evaluation's records, in whatever order they come. */
async function checksum(
  storage: Storage,
  evaluation: EvaluationId,
): Promise<{ count: number; sum: bigint }> {
  let count = 0;
  let sum = 0n;
  for await (const { evaluation: _evaluation, ...record } of storage.records(evaluation)) {
    count++;
    sum ^= BigInt(`0x${hash("sha256", canonical(record), "hex")}`);
  }
  return { count, sum };
}
