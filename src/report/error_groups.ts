/**
 * The errors of an evaluation, those with one message together.
 *
 * @module
 */
import type { StoredRecord } from "../storage/storage.ts";

const EXAMPLES = 3;
const GROUPS = 1_000;

/** Errors that share a name and a message. */
export interface ErrorGroup {
  readonly name: string;
  readonly message: string;
  readonly count: number;
  /** The first few of the records. */
  readonly examples: readonly StoredRecord[];
}

/** What the errors of an evaluation are. */
export interface GroupedErrors {
  /** The most frequent first. */
  readonly groups: readonly ErrorGroup[];
  /** Errors in no group: where each error differs, only so many kinds are kept. */
  readonly others: number;
}

/** Groups records that ended with an error, reading them one by one. */
export async function groupErrors(records: AsyncIterable<StoredRecord>): Promise<GroupedErrors> {
  const groups = new Map<string, ErrorGroup>();
  let others = 0;
  for await (const record of records) {
    if (!record.error || record.gone) continue;
    const { name, message } = record.error;
    const id = `${name}\n${message}`;
    const group = groups.get(id);
    if (!group && groups.size >= GROUPS) others++;
    else {
      const { count = 0, examples = [] } = group ?? {};
      groups.set(id, {
        name,
        message,
        count: count + 1,
        examples: examples.length < EXAMPLES ? [...examples, record] : examples,
      });
    }
  }
  return { groups: [...groups.values()].toSorted((a, b) => b.count - a.count), others };
}
