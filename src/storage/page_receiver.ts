/**
 * Takes pages of a spool into a session of the database.
 *
 * @module
 */
import { canonical } from "../values/canonical.ts";
import type { SpooledEvaluation } from "./spool_entry.ts";
import type { SpoolPage } from "./spool_file.ts";
import type { StorageSession } from "./storage.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { EvaluationMetrics } from "./stored_metric.ts";
import type { ItemRecordDraft } from "./stored_record.ts";

/** What became of a page's results. */
export interface Received {
  /** Results that are now stored. */
  readonly recorded: number;
  /** Results of items that had one without an error already. */
  readonly doubled: number;
  /** Results whose evaluation is not there any more, or is another one now. */
  readonly refused: number;
}

/** Stores pages; what an earlier session numbered is looked up by name. */
export class PageReceiver {
  readonly #session: StorageSession;
  /** What the numbers of an earlier session's evaluations are now. */
  readonly #now = new Map<EvaluationId, EvaluationId | undefined>();

  /** Stores in this session. */
  constructor(session: StorageSession) {
    this.#session = session;
  }

  /** Stores a page of this session, or of an earlier one. A second time changes nothing. */
  async receive(page: SpoolPage, isEarlier: boolean): Promise<Received> {
    const records: ItemRecordDraft[] = [];
    const metrics: EvaluationMetrics[] = [];
    let refused = 0;
    for (const entry of page.entries) {
      if (entry.type === "evaluation") {
        if (isEarlier) this.#now.set(entry.evaluation.id, await this.#find(entry.evaluation));
        continue;
      }
      const spooled = entry.type === "metrics" ? entry.evaluation : entry.record.evaluation;
      const evaluation = isEarlier ? this.#now.get(spooled) : spooled;
      if (entry.type === "metrics") {
        if (evaluation !== undefined) metrics.push({ evaluation, metrics: entry.metrics });
      } else if (evaluation === undefined) refused++;
      else records.push({ ...entry.record, evaluation });
    }
    return { ...await this.#session.commit(records, metrics), refused };
  }

  /** The evaluation, if it is the one whose results were spooled. */
  async #find(spooled: SpooledEvaluation): Promise<EvaluationId | undefined> {
    const { name, variant, generation, fingerprint } = spooled;
    const found = await this.#session.find(name, variant);
    const same = found?.generation === generation &&
      canonical(found.fingerprint) === canonical(fingerprint);
    return same ? found.id : undefined;
  }
}
