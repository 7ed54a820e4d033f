/**
 * Copies experiments from one database to another.
 *
 * Items keep their numbers within their session, and sessions their tokens: so it is known without
 * comparing contents what a target holds of a source, and what it holds of its own.
 *
 * @module
 */
import { copyChanged, copyDiffers, refuseWhileWritten } from "./copy_errors.ts";
import { copyGone } from "./copy_gone.ts";
import { type ExperimentHeader, readCopiedTables, readHeader } from "./copy_header.ts";
import { headerChecksum, ItemDigest } from "./copy_digest.ts";
import { type ItemsOf, readItems } from "./copy_items.ts";
import { CopyTarget, countItems } from "./copy_target.ts";
import { originOf } from "./copy_tokens.ts";
import { copyUnfinished } from "./lease_errors.ts";
import type { LibsqlStorage } from "./libsql_storage.ts";
import type { SessionHolder } from "./storage.ts";

/** Options of {@linkcode copyExperiment}. */
export interface CopyOptions {
  readonly experiment: string;
  /** Who writes to the target. */
  readonly holder: SessionHolder;
  /** Told how far it is, after each page. */
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** How far a copy is. */
export interface CopyProgress {
  readonly step: "copying" | "verifying";
  /** Results that were copied, or verified. */
  readonly results: number;
  /** Results in all. */
  readonly of: number;
}

/** What was copied of one experiment. */
export interface CopyOutcome {
  readonly evaluations: number;
  /** Results that are in both databases now. */
  readonly results: number;
  /** Those of them that were in the target before. */
  readonly present: number;
  /** Of all that was copied; the same for every copy of the same. */
  readonly checksum: string;
}

/**
 * Copies an experiment and verifies the copy by count and checksum.
 *
 * Copying again goes on where it stopped: what the target holds is not written again. Of each
 * evaluation the newest generation is copied, with all its results, and the sessions that made them.
 *
 * @throws {DotevalsError} `no-experiment`; `experiment-locked` while a session writes to either;
 * `copy-differs` where the target has results of its own, which stay; `copy-changed`;
 * `copy-unfinished` where the source is a copy that is not whole
 */
export async function copyExperiment(
  source: LibsqlStorage,
  target: LibsqlStorage,
  options: CopyOptions,
): Promise<CopyOutcome> {
  const { experiment, holder } = options;
  const tables = await readCopiedTables(source.database);
  const header = await readHeader(source.database, experiment, tables);
  await refuseWhileWritten(source.database, experiment);
  if (header.experiment.copying === 1) throw copyUnfinished(experiment);
  await using session = await target.begin(experiment, holder, { to: "copy" });
  // Who copies has recorded nothing.
  await using _forgotten = { [Symbol.asyncDispose]: () => session.forget() };
  const { database } = target;
  const to = await CopyTarget.prepare({ database, session, tables, header, experiment });
  const { digest, present } = await copyItems({ source, target, to, header, options });
  await refuseWhileWritten(source.database, experiment);
  const now = await readHeader(source.database, experiment, tables);
  if (headerChecksum(now) !== headerChecksum(header)) {
    throw copyChanged(experiment, source.location);
  }
  await to.finish();
  const checksum = headerChecksum(header, digest);
  if (headerChecksum(await to.readHeader(), digest) !== checksum) {
    throw copyDiffers(experiment, target.location, { detail: "something else has changed it" });
  }
  return { evaluations: header.evaluations.length, results: digest.count, present, checksum };
}

interface Copying {
  readonly source: LibsqlStorage;
  readonly target: LibsqlStorage;
  readonly to: CopyTarget;
  readonly header: ExperimentHeader;
  readonly options: CopyOptions;
}

/** Copies the items and verifies them. */
async function copyItems(
  { source, target, to, header, options }: Copying,
): Promise<{ readonly digest: ItemDigest; readonly present: number }> {
  const { experiment, onProgress = () => {} } = options;
  const of = {
    tables: to.items.tables,
    sessions: header.sessions.map(({ id }) => Number(id)),
    evaluations: header.evaluations.map(({ id }) => Number(id)),
  };
  const results = await countItems(source.database, of.evaluations);
  const [digest, copied] = [digestOf(header, of), digestOf(header, to.items)];
  let written = 0;
  for await (const page of readItems(source.database, of)) {
    const writing = to.write(page);
    digest.add(page);
    written += await writing;
    onProgress({ step: "copying", results: digest.count, of: results });
  }
  for (const [at, evaluation] of of.evaluations.entries()) {
    const copy = to.evaluations[at] ?? 0;
    const change = to.change.bind(to);
    await copyGone({ source: source.database, target: target.database, evaluation, copy, change });
  }
  for await (const page of readItems(target.database, to.items)) {
    copied.add(page);
    onProgress({ step: "verifying", results: copied.count, of: results });
  }
  const counts = new Set([results, digest.count, copied.count, await to.count()]);
  if (counts.size > 1 || digest.sum !== copied.sum) {
    throw copyDiffers(experiment, target.location, {
      detail: `of ${results} results ${copied.count} are the same`,
    });
  }
  return { digest, present: digest.count - written };
}

/** The digest of items under the names that all copies share. */
function digestOf({ sessions }: ExperimentHeader, { evaluations }: ItemsOf): ItemDigest {
  const places = new Map(evaluations.map((id, at) => [id, at]));
  const origins = sessions.map(originOf);
  return new ItemDigest({
    evaluation: (id) => places.get(id) ?? -1,
    session: (at) => origins[at] ?? "",
  });
}
