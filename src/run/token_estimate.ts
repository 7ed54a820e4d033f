/**
 * How many tokens a call will take, learned from those before it.
 *
 * @module
 */
import type { ModelRequest, Usage } from "../providers/model.ts";
import type { Cost } from "../schedule/quota.ts";

/** Characters of a token, until more is known. */
const CHARACTERS = 4;

/** Tokens of an answer, until more is known. */
const ANSWER = 256;

/** How much a further answer counts against all those before it. */
const WEIGHT = 0.1;

/** An image takes about so many tokens. */
const IMAGE = 800;

type Asked = string | ModelRequest | readonly (string | ModelRequest)[];

/** What a call is estimated to take. */
export interface TokensAsked extends Cost {
  /** Whether nothing is known that the estimate of the answer goes by. */
  readonly isGuess: boolean;
}

/** Estimates for the calls of one endpoint. */
export class TokenEstimate {
  /** Tokens per guessed token of requests. */
  #ratio = 1;
  #answer: number | undefined;

  /** What a request will take. */
  of(asked: Asked): TokensAsked {
    const requests = Array.isArray(asked) ? asked : [asked];
    let inputTokens = 0;
    let outputTokens = 0;
    let isGuess = false;
    for (const request of requests) {
      const most = typeof request === "string" ? undefined : request.maxTokens;
      inputTokens += Math.ceil(guessed(request) * this.#ratio);
      isGuess ||= most === undefined && this.#answer === undefined;
      outputTokens += Math.ceil(Math.min(most ?? Infinity, this.#answer ?? most ?? ANSWER));
    }
    return { inputTokens, outputTokens, isGuess };
  }

  /** Learns from what a request took. */
  learn(asked: string | ModelRequest, { inputTokens, outputTokens }: Usage): void {
    const guess = guessed(asked);
    if (isCount(inputTokens) && guess > 0) {
      this.#ratio += WEIGHT * (inputTokens / guess - this.#ratio);
    }
    if (!isCount(outputTokens)) return;
    const before = this.#answer ?? outputTokens;
    this.#answer = before + WEIGHT * (outputTokens - before);
  }
}

function guessed(request: string | ModelRequest): number {
  if (typeof request === "string") return Math.ceil(request.length / CHARACTERS);
  let characters = request.system?.length ?? 0;
  let images = 0;
  for (const { content } of request.messages) {
    if (typeof content === "string") characters += content.length;
    else {
      for (const part of content) {
        if (part.type === "text") characters += part.text.length;
        else images++;
      }
    }
  }
  return Math.ceil(characters / CHARACTERS) + images * IMAGE;
}

function isCount(tokens: unknown): tokens is number {
  return typeof tokens === "number" && tokens >= 0 && tokens < Infinity;
}
