/**
 * Keeps secrets out of what is recorded and told: an endpoint may repeat the key that it refuses.
 *
 * @module
 */
import type { ScoreValue } from "../evaluation/score_value.ts";
import type { Secrets } from "../secrets.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import type { RunEvent } from "./events.ts";

/** A record in whose texts the secrets are masked; the record itself where it holds none. */
export function withoutSecrets(record: ItemRecordDraft, secrets: Secrets): ItemRecordDraft {
  if (secrets.isEmpty) return record;
  if (!textsOf(record).some((text) => text !== undefined && secrets.isIn(text))) return record;
  const mask = <Text extends string | undefined>(text: Text): Text | string =>
    text === undefined ? text : secrets.mask(text);
  const { error } = record;
  return {
    ...record,
    row: mask(record.row),
    prompt: mask(record.prompt),
    response: mask(record.response),
    metadata: mask(record.metadata),
    error: error && {
      name: mask(error.name),
      message: mask(error.message),
      stack: mask(error.stack),
    },
    scores: record.scores.map(({ name, value, metadata }) => ({
      name,
      value: maskedValue(value, secrets),
      metadata: mask(metadata),
    })),
    calls: record.calls.map((call) => ({
      ...call,
      request: mask(call.request),
      response: mask(call.response),
      error: mask(call.error),
      ...call.tries && {
        tries: call.tries.map((attempt) => ({ ...attempt, error: mask(attempt.error) })),
      },
    })),
  };
}

function maskedValue(value: ScoreValue, secrets: Secrets): ScoreValue {
  if (typeof value === "string") return secrets.mask(value);
  if (typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      typeof part === "string" ? secrets.mask(part) : part,
    ]),
  );
}

function textsOf(record: ItemRecordDraft): readonly (string | undefined)[] {
  const { row, prompt, response, metadata, error, scores, calls } = record;
  return [
    row,
    prompt,
    response,
    metadata,
    error?.name,
    error?.message,
    error?.stack,
    ...scores.flatMap(({ value, metadata }) => [JSON.stringify(value), metadata]),
    ...calls.flatMap(({ request, response, error, tries = [] }) => [
      request,
      response,
      error,
      ...tries.map((attempt) => attempt.error),
    ]),
  ];
}

/** An event in whose words the secrets are masked. */
export function eventWithoutSecrets(event: RunEvent, secrets: Secrets): RunEvent {
  if (secrets.isEmpty) return event;
  switch (event.type) {
    case "message": {
      const { text, hint } = event;
      return { ...event, text: secrets.mask(text), hint: hint && secrets.mask(hint) };
    }
    case "call-retried": {
      const { name, message } = event.error;
      return { ...event, error: { name: secrets.mask(name), message: secrets.mask(message) } };
    }
    case "evaluation-finished":
      return event.reason === undefined ? event : { ...event, reason: secrets.mask(event.reason) };
    default:
      return event;
  }
}
