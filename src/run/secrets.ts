/**
 * Secrets that must not be stored: an endpoint may repeat the key that it refuses.
 *
 * @module
 */
import type { ItemRecordDraft } from "../storage/storage.ts";

/** What is shorter than this is no secret, and would blacken ordinary text. */
const SHORTEST = 8;

const MASK = "***";

/** A record in whose texts the secrets are masked; the record itself where it holds none. */
export function withoutSecrets(
  record: ItemRecordDraft,
  secrets: ReadonlySet<string>,
): ItemRecordDraft {
  const hidden = [...secrets].filter(({ length }) => length >= SHORTEST);
  const texts = [
    record.row,
    record.prompt,
    record.response,
    record.metadata,
    record.error?.message,
    record.error?.stack,
    ...record.scores.flatMap(({ value, metadata }) => [String(value), metadata]),
  ];
  const found = hidden.filter((secret) => texts.some((text) => text?.includes(secret)));
  if (found.length === 0) return record;
  const mask = <Text extends string | undefined>(text: Text): Text | string =>
    text === undefined ? text : found.reduce<string>(
      (masked, secret) => masked.replaceAll(secret, MASK),
      text,
    );
  const { error } = record;
  return {
    ...record,
    row: mask(record.row),
    prompt: mask(record.prompt),
    response: mask(record.response),
    metadata: mask(record.metadata),
    error: error && { ...error, message: mask(error.message), stack: mask(error.stack) },
    scores: record.scores.map(({ name, value, metadata }) => ({
      name,
      value: typeof value === "string" ? mask(value) : value,
      metadata: mask(metadata),
    })),
  };
}
