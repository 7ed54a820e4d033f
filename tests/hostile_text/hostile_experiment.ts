/**
 * An experiment that consists of hostile texts.
 *
 * @module
 */
import { CALL, fill, type Filling } from "../../src/report/testing/filled_storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import type { ItemRecordDraft } from "../../src/storage/stored_record.ts";
import { encode } from "../../src/values/tagged.ts";
import { CORPUS, type HostileText } from "./corpus.ts";

/** The experiment's name. */
export const EXPERIMENT = `first</title>\x1b]0;t\x07\u202E|"::error::`;

/** Texts that are names of evaluations and of scores as well. */
export const NAMES: readonly HostileText[] = CORPUS.filter(({ text }) =>
  text.length < 200 && text.trim() !== ""
);

/** An item of the text in all of its places: a result, or an error. */
export function hostileRecord(
  { text }: HostileText,
  { failed }: { readonly failed: boolean },
): Partial<ItemRecordDraft> {
  return {
    row: encode({ text, [text]: 1 }),
    prompt: encode(text),
    response: encode(text),
    metadata: encode({ text }),
    calls: [{
      ...CALL,
      model: text,
      finishReason: text,
      inputTokens: 5,
      request: encode([text]),
      response: encode({ text }),
      ...failed && { error: `Error: ${text}` },
    }],
    ...failed
      ? { error: { name: text, message: text, stack: `${text}\n    at ${text}` } }
      : { scores: [{ name: "plain", value: text, metadata: encode({ text }) }] },
  };
}

/**
 * Fills a storage: all texts as items of two evaluations, one of which fails, and an evaluation,
 * variant, score and metric for each that can be a name.
 */
export async function fillHostile(storage: Storage): Promise<void> {
  const named: readonly Filling[] = NAMES.map(({ text }) => ({
    name: text,
    variant: { [text]: text },
    records: [{ scores: [{ name: text, value: true, metadata: undefined }] }],
    metrics: [{ score: text, metric: "accuracy", parameters: {} }],
  }));
  await fill(storage, EXPERIMENT, [
    { name: "answered", records: CORPUS.map((text) => hostileRecord(text, { failed: false })) },
    { name: "failed", records: CORPUS.map((text) => hostileRecord(text, { failed: true })) },
    ...named,
  ]);
}
