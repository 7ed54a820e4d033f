/**
 * What an item asked its models, noted while it runs.
 *
 * @module
 */
import type { ModelResponse, Usage } from "../providers/model.ts";
import type { CallKind, CallTry, RecordedCall } from "../storage/recorded_call.ts";
import { encode } from "../values/tagged.ts";
import { recordedError } from "./recorded_error.ts";

/** What a call was asked: by whom, and of what kind it is. */
export interface AskedCall {
  /** What results call the model. */
  readonly model: string;
  readonly kind: CallKind;
  readonly request: unknown;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What came of a call that answered. */
export interface AnsweredCall {
  /** None of `embed`, whose vectors are not recorded. */
  readonly answers: readonly ModelResponse[];
  /** US dollars. */
  readonly cost: number | undefined;
}

/** A call while it runs, and after. */
export interface CallNote extends AskedCall {
  /** The request, as it was when the call began. */
  readonly request: string | undefined;
  attempts: number;
  /** Attempts that failed, and the last one where there were such. */
  readonly tries: CallTry[];
  /** How long the last attempt took. */
  latencyMs: number | undefined;
  answered: (Partial<RecordedCall> & { readonly response: string | undefined }) | undefined;
  error: string | undefined;
}

const UNFINISHED = "Error: the item ended before this call did";

/** The calls of one piece of work, in the order in which they began. */
export class CallNotes {
  readonly #calls: CallNote[] = [];
  #last: CallNote | undefined;
  #unfit: { readonly thrown: unknown } | undefined;

  /** The most attempts that one call took; 1 without calls. */
  get attempts(): number {
    return this.#calls.reduce((most, { attempts }) => Math.max(most, attempts), 1);
  }

  /**
   * What was asked and answered in text last, encoded.
   *
   * @throws {EncodingError} for the first part of a call that has no stored form
   */
  last(): { readonly prompt: string | undefined; readonly response: string | undefined } {
    if (this.#unfit) throw this.#unfit.thrown;
    return { prompt: this.#last?.request, response: this.#last?.answered?.response };
  }

  /** Notes that a call begins; the request may change afterwards. */
  begin({ model, kind, request, startedAt }: AskedCall): CallNote {
    const note: CallNote = {
      model,
      kind,
      request: this.#encoded(request, "prompt"),
      startedAt,
      attempts: 1,
      tries: [],
      latencyMs: undefined,
      answered: undefined,
      error: undefined,
    };
    this.#calls.push(note);
    if (kind === "generate") this.#last = note;
    return note;
  }

  /** Notes what a call gave. */
  answer(note: CallNote, { answers, cost }: AnsweredCall): void {
    const [first] = answers;
    const contents = answers.map(contentOf);
    const isOne = note.kind === "generate";
    note.answered = {
      ...tokensOf(answers),
      ...isOne && {
        latencyMs: milliseconds(first?.latencyMs),
        timeToFirstTokenMs: milliseconds(first?.timeToFirstTokenMs),
        finishReason: typeof first?.finishReason === "string" ? first.finishReason : undefined,
      },
      cost: cost === undefined ? undefined : Math.round(cost * 1e12) / 1e12,
      response: answers.length === 0
        ? undefined
        : this.#encoded(isOne ? contents[0] : contents, "response"),
    };
    if (isOne) this.#last = note;
  }

  /** Notes an attempt that ended, with what it failed with where it did. */
  tried(
    note: CallNote,
    { sentMs, latencyMs, ...failed }: Omit<CallTry, "error"> & { readonly thrown?: unknown },
  ): void {
    note.latencyMs = latencyMs;
    const isLone = !("thrown" in failed) && note.tries.length === 0;
    // Most calls are answered at once: their one attempt is the call.
    if (isLone) return;
    note.tries.push({
      sentMs: milliseconds(sentMs) ?? 0,
      latencyMs: milliseconds(latencyMs) ?? 0,
      error: "thrown" in failed ? errorText(failed.thrown) : undefined,
    });
  }

  /** Notes what a call failed with in the end. */
  fail(note: CallNote, thrown: unknown): void {
    note.error = errorText(thrown);
  }

  /** The calls as they are recorded; texts that the item has itself are left out of them. */
  recorded(
    item: { readonly prompt: string | undefined; readonly response: string | undefined },
  ): readonly RecordedCall[] {
    return this.#calls.map(({ model, kind, attempts, tries, latencyMs, answered, ...note }) => ({
      model,
      kind,
      attempts,
      startedAt: note.startedAt,
      ...tries.length > 1 && { tries },
      latencyMs: answered?.latencyMs ?? milliseconds(latencyMs),
      timeToFirstTokenMs: answered?.timeToFirstTokenMs,
      inputTokens: answered?.inputTokens,
      outputTokens: answered?.outputTokens,
      cachedTokens: answered?.cachedTokens,
      reasoningTokens: answered?.reasoningTokens,
      cost: answered?.cost,
      finishReason: answered?.finishReason,
      error: note.error ?? (answered ? undefined : UNFINISHED),
      request: note.request === item.prompt ? undefined : note.request,
      response: answered?.response === item.response ? undefined : answered?.response,
    }));
  }

  /** A call is not stopped by what cannot be recorded of it; its item's record is. */
  #encoded(value: unknown, part: string): string | undefined {
    try {
      return encode(value, part);
    } catch (thrown) {
      this.#unfit ??= { thrown };
      return undefined;
    }
  }
}

function errorText(thrown: unknown): string {
  const { name, message } = recordedError(thrown);
  return `${name}: ${message}`;
}

/** The text, where an answer is no more than that. */
function contentOf({ text, parsed, toolCalls }: ModelResponse): unknown {
  if (parsed === undefined && !toolCalls?.length) return text;
  return {
    text,
    ...parsed !== undefined && { parsed },
    ...toolCalls?.length && { toolCalls },
  };
}

const TOKENS = ["inputTokens", "outputTokens", "cachedTokens", "reasoningTokens"] as const;

/** The tokens of all answers; a provider is others' code, and may give anything. */
function tokensOf(answers: readonly ModelResponse[]): Usage {
  const tokens: { -readonly [Kind in keyof Usage]: Usage[Kind] } = {};
  for (const { usage } of answers) {
    for (const kind of TOKENS) {
      const count = usage?.[kind];
      if (isCount(count)) tokens[kind] = (tokens[kind] ?? 0) + count;
    }
  }
  return tokens;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** A time to the microsecond; a provider may give anything. */
function milliseconds(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value < Infinity
    ? Math.round(value * 1000) / 1000
    : undefined;
}
