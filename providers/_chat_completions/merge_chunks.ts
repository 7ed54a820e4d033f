/**
 * The pieces of a streamed chat completion, put together to what would have come unstreamed.
 *
 * @module
 */
import type { Completion } from "./completion.ts";

type Fields = Record<string, unknown>;

/** What names or numbers a thing: a later piece repeats it, and never adds to it. */
const WHOLE = new Set(["index", "id", "type", "role", "name", "object"]);

/** A completion that is being put together. */
export interface MergedChunks {
  /** Takes the next chunk. */
  add(chunk: Fields): void;
  /** Whether a token of the answer has come: text, reasoning, or a call of a tool. */
  readonly begun: boolean;
  /** Whether the first answer is whole. */
  readonly finished: boolean;
  /** What came so far. */
  completion(): Completion;
}

/** Begins a completion without chunks. */
export function mergeChunks(): MergedChunks {
  const merged: Fields = {};
  const choices: { readonly fields: Fields; readonly message: Fields }[] = [];
  let begun = false;
  return {
    // Runs for each token of each answer, so it makes no objects and no lists on its way.
    add(chunk) {
      for (const field in chunk) {
        if (field !== "choices") addField(merged, field, chunk[field], false);
      }
      const pieces = chunk.choices;
      if (!Array.isArray(pieces)) return;
      for (const piece of pieces) {
        if (!isFields(piece)) continue;
        const at = typeof piece.index === "number" ? piece.index : 0;
        const choice = choices[at] ??= { fields: { index: at }, message: {} };
        for (const field in piece) {
          if (field !== "delta") addField(choice.fields, field, piece[field]);
        }
        const { delta } = piece;
        if (!isFields(delta)) continue;
        for (const field in delta) {
          begun ||= isToken(field, delta[field]);
          addField(choice.message, field, delta[field]);
        }
      }
    },
    get begun() {
      return begun;
    },
    get finished() {
      return typeof choices[0]?.fields.finish_reason === "string";
    },
    completion() {
      return { ...merged, object: "chat.completion", choices: choices.map(whole) };
    },
  };
}

/** Adds a field to what came before: texts and lists grow, all else is replaced. */
function addField(target: Fields, field: string, value: unknown, grows = !WHOLE.has(field)): void {
  if (value === null || value === undefined) return;
  const there = target[field];
  if (typeof value === "string") {
    if (grows && typeof there === "string") target[field] = there + value;
    else if (value !== "" || there === undefined) target[field] = value;
  } else if (Array.isArray(value)) {
    const list: unknown[] = Array.isArray(there) ? there : [];
    for (const entry of value) addEntry(list, entry);
    target[field] = list;
  } else if (isFields(value) && isFields(there) && grows) addFields(there, value);
  else target[field] = value;
}

function addFields(target: Fields, piece: Fields): void {
  for (const field in piece) addField(target, field, piece[field]);
}

/** An entry with an index is a piece of the entry there; any other is one more. */
function addEntry(list: unknown[], entry: unknown): void {
  if (!isFields(entry) || typeof entry.index !== "number") {
    list.push(entry);
    return;
  }
  const there = list.find((other) => isFields(other) && other.index === entry.index);
  if (isFields(there)) addFields(there, entry);
  else {
    const first: Fields = {};
    addFields(first, entry);
    list.push(first);
  }
}

function isToken(field: string, value: unknown): boolean {
  if (typeof value === "string") return value !== "" && field !== "role";
  return Array.isArray(value) && value.length > 0;
}

/** Calls of tools have their index in chunks only. */
function whole({ fields, message }: { readonly fields: Fields; readonly message: Fields }): Fields {
  const { tool_calls: calls } = message;
  const kept = Array.isArray(calls)
    ? { ...message, tool_calls: calls.map(({ index: _, ...call }) => call) }
    : message;
  return { ...fields, message: kept };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
