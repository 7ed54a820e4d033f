/**
 * Errors that came out of a sandbox.
 *
 * @module
 */
import {
  AuthenticationError,
  ContextLengthError,
  InvalidRequestError,
  type ModelError,
  type ModelErrorOptions,
  RateLimitError,
  TransientError,
} from "../model_error.ts";
import type { SchemaIssue } from "../provider.ts";

/** The classes of errors that a plugin may answer with; that it crashed is ours to say. */
const KINDS: Readonly<
  Record<string, new (message: string, options: ModelErrorOptions) => ModelError>
> = {
  "rate-limit": RateLimitError,
  "transient": TransientError,
  "authentication": AuthenticationError,
  "invalid-request": InvalidRequestError,
  "context-length": ContextLengthError,
};

/** Characters of the longest message of an error that is taken whole. */
const LONGEST_TEXT = 16 * 1024;

/** What a plugin's own schema finds wrong with its options. */
export class OptionIssues extends Error {
  /** What is wrong, and where. */
  readonly issues: readonly SchemaIssue[];

  /** Makes an error from a schema's issues. */
  constructor(issues: readonly SchemaIssue[]) {
    super("The options are wrong.");
    this.issues = issues;
  }
}

/** The error that a plugin's answer stands for, which may be anything. */
export function errorFromWire(sent: unknown): Error {
  const fields: Readonly<Record<string, unknown>> = isRecord(sent) ? sent : {};
  const message = textOf(fields.message ?? sent);
  if (Array.isArray(fields.issues)) return new OptionIssues(fields.issues.map(toIssue));
  const Kind = typeof fields.code === "string" && Object.hasOwn(KINDS, fields.code)
    ? KINDS[fields.code]
    : undefined;
  if (Kind) {
    return new Kind(message, {
      status: numberOf(fields.status),
      retryAfterMs: numberOf(fields.retryAfterMs),
      limits: isRecord(fields.limits) ? fields.limits : undefined,
    });
  }
  const error = new Error(message);
  if (typeof fields.name === "string") error.name = textOf(fields.name);
  return Object.assign(error, {
    ...typeof fields.retryable === "boolean" && { retryable: fields.retryable },
    ...typeof fields.hint === "string" && { hint: textOf(fields.hint) },
    ...numberOf(fields.status) !== undefined && { status: fields.status },
    ...numberOf(fields.retryAfterMs) !== undefined && { retryAfterMs: fields.retryAfterMs },
  });
}

function toIssue(sent: unknown): SchemaIssue {
  if (!isRecord(sent)) return { message: textOf(sent) };
  const { message, path } = sent;
  return { message: textOf(message), ...Array.isArray(path) && { path: path.map(textOf) } };
}

/** Anything as a text that is not too long: it is shown, and recorded with its item. */
function textOf(sent: unknown): string {
  const text = typeof sent === "string" ? sent : isRecord(sent) ? "an object" : String(sent);
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
