/**
 * The errors of an evaluation, those of one kind together.
 *
 * @module
 */
import type { StoredRecord } from "../storage/stored_record.ts";
import { messagePattern } from "./message_pattern.ts";

const EXAMPLES = 3;
const GROUPS = 1_000;

/** Errors of one name whose messages differ in numbers and identifiers at the most. */
export interface ErrorGroup {
  readonly name: string;
  /** The message; `‹n›` and `‹id›` in it stand for what differs. */
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
  /** Whether there may be more errors than were looked at. */
  readonly isPart: boolean;
}

/** Options of {@linkcode groupErrors}. */
export interface GroupErrorsOptions {
  /**
   * Looks at no more errors than these.
   *
   * @default {Infinity}
   */
  readonly most?: number;
}

/** Groups records that ended with an error, reading them one by one. */
export async function groupErrors(
  records: AsyncIterable<StoredRecord>,
  { most = Infinity }: GroupErrorsOptions = {},
): Promise<GroupedErrors> {
  const groups = new Map<string, ErrorGroup>();
  let [seen, others] = [0, 0];
  let isPart = false;
  for await (const record of records) {
    if (!record.error || record.gone) continue;
    if (seen++ >= most) {
      isPart = true;
      break;
    }
    const id = `${record.error.name}\n${messagePattern(record.error.message)}`;
    const group = groups.get(id);
    if (!group && groups.size >= GROUPS) others++;
    else groups.set(id, withRecord(group, record, record.error));
  }
  const byCount = [...groups.values()].toSorted((a, b) => b.count - a.count);
  return { groups: byCount, others, isPart };
}

/** The groups of several evaluations, those of one kind together. */
export function mergeErrors(all: readonly GroupedErrors[]): GroupedErrors {
  const merged = new Map<string, ErrorGroup>();
  for (const group of all.flatMap(({ groups }) => groups)) {
    const id = `${group.name}\n${messagePattern(group.message)}`;
    const before = merged.get(id);
    merged.set(id, before ? together(before, group) : group);
  }
  return {
    groups: [...merged.values()].toSorted((a, b) => b.count - a.count),
    others: all.reduce((sum, { others }) => sum + others, 0),
    isPart: all.some(({ isPart }) => isPart),
  };
}

function together(one: ErrorGroup, other: ErrorGroup): ErrorGroup {
  return {
    ...one,
    message: one.message === other.message ? one.message : messagePattern(one.message),
    count: one.count + other.count,
    examples: [...one.examples, ...other.examples].slice(0, EXAMPLES),
  };
}

function withRecord(
  group: ErrorGroup | undefined,
  record: StoredRecord,
  { name, message }: NonNullable<StoredRecord["error"]>,
): ErrorGroup {
  if (!group) return { name, message, count: 1, examples: [record] };
  return {
    name,
    message: group.message === message ? message : messagePattern(message),
    count: group.count + 1,
    examples: group.examples.length < EXAMPLES ? [...group.examples, record] : group.examples,
  };
}
