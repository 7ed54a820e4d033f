/**
 * `dotevals show EXPERIMENT --item KEY`: the full story of an item.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { itemLines } from "../report/item_lines.ts";
import { placeOf } from "../report/item_place.ts";
import { counted } from "../report/numbers.ts";
import { plain } from "../report/plain_text.ts";
import { styleOf } from "../report/style.ts";
import { truncated } from "../report/text_width.ts";
import { bindingsOf, evaluationLabel } from "../report/variant_text.ts";
import { KEY_DIGITS } from "../storage/recorded_page.ts";
import type { Storage } from "../storage/storage.ts";
import type { StoredEvaluation } from "../storage/stored_evaluation.ts";
import type { StoredRecord } from "../storage/stored_record.ts";
import type { TextSink } from "./command.ts";

/** Candidates that a beginning of keys is told to have, and stories that are told without `--full`. */
const MOST_CANDIDATES = 10;
const MOST_STORIES = 10;

/** Where to look, and how to tell. */
export interface ShowItemOptions {
  readonly storage: Storage;
  readonly experiment: string;
  /** The key, or a beginning that no other key has. */
  readonly key: string;
  /** Whether long texts are whole, and all of many repeats are told. */
  readonly full: boolean;
  readonly sink: Pick<TextSink, "color">;
}

interface Found {
  readonly label: string;
  readonly record: StoredRecord;
}

/**
 * The story of the item under each variant and repeat.
 *
 * @throws {DotevalsError} `no-item`, or `ambiguous-item` with those that it may be
 */
export async function* showItem(
  evaluations: readonly StoredEvaluation[],
  { storage, experiment, key, full, sink }: ShowItemOptions,
): AsyncGenerator<string> {
  const prefix = key.toLowerCase();
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length > KEY_DIGITS) throw noItem(experiment, key);
  const found: Found[] = [];
  for await (const one of matches(evaluations, storage, prefix)) {
    found.push(one);
    // More of them tell no more, whether they are of one item or of several.
    if (new Set(found.map(({ record }) => record.key)).size > MOST_CANDIDATES) break;
  }
  const keys = new Set(found.map(({ record }) => record.key));
  if (keys.size === 0) throw noItem(experiment, key);
  if (keys.size > 1) throw ambiguous(found, key);
  const style = styleOf(sink.color);
  const told = full ? found : found.slice(0, MOST_STORIES);
  for (const [at, { label, record }] of told.entries()) {
    if (at > 0) yield "\n";
    for (const line of itemLines(record, { label, style, full })) yield `${line}\n`;
  }
  const left = found.length - told.length;
  if (left > 0) yield `\n${counted(left, "more result")} of this item: --full shows all.\n`;
}

async function* matches(
  evaluations: readonly StoredEvaluation[],
  storage: Storage,
  keyPrefix: string,
): AsyncGenerator<Found> {
  for (const evaluation of evaluations) {
    const label = evaluationLabel(evaluation.name, bindingsOf(evaluation));
    for await (const record of storage.records(evaluation.id, { keyPrefix })) {
      yield { label, record };
    }
  }
}

function noItem(experiment: string, key: string): DotevalsError {
  return new DotevalsError(`No item of "${experiment}" has a key that begins with "${key}".`, {
    code: "no-item",
    hint: "Keys are hexadecimal digits: --errors shows those of items that failed, --full all.",
  });
}

function ambiguous(found: readonly Found[], key: string): DotevalsError {
  const byKey = new Map(found.map((one) => [one.record.key, one]));
  const lines = [...byKey.values()].slice(0, MOST_CANDIDATES).map(({ label, record }) =>
    truncated(`  ${record.key}  ${label}, ${placeOf(record)}: ${plain(record.row)}`, 120)
  );
  const count = byKey.size > MOST_CANDIDATES ? `More than ${MOST_CANDIDATES}` : String(byKey.size);
  return new DotevalsError(`${count} items have a key that begins with "${key}".`, {
    code: "ambiguous-item",
    hint: `Give more digits:\n${lines.join("\n")}`,
  });
}
