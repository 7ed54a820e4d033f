/**
 * Chat completions as endpoints send them. Each server leaves something out, so all is optional.
 *
 * @module
 */

/** A whole answer. */
export interface Completion {
  readonly choices?: readonly Choice[] | null;
  readonly usage?: CompletionUsage | null;
}

/** One of the answers; there is one, unless more were asked for. */
export interface Choice {
  readonly message?: CompletionMessage | null;
  readonly finish_reason?: string | null;
}

/** What the model said. */
export interface CompletionMessage {
  readonly content?: unknown;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly CompletionToolCall[] | null;
}

/** A tool that the model wants called. */
export interface CompletionToolCall {
  readonly id?: string | null;
  readonly type?: string;
  readonly function?: { readonly name: string; readonly arguments: string };
}

/** What the answer took. */
export interface CompletionUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
}
