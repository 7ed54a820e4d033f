/**
 * What `providers test` says of a model that it tried.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import type { ModelErrorCode } from "../providers/model_error.ts";
import { retryAfterMs } from "../providers/call_failure.ts";
import { counted, dollarsText, durationText } from "../report/numbers.ts";
import type { TriedMeasures, TriedModel } from "./try_model.ts";

/** What came back, a line for each. */
export function triedLines(measured: TriedMeasures): readonly string[] {
  const { resourceId, setupMs, text, finishReason, timeToFirstTokenMs, latencyMs } = measured;
  const { usage, cost, teardownMs } = measured;
  const time = (ms: number | undefined) => ms === undefined ? undefined : durationText(ms);
  const tokens = (count: number | undefined, what: string) =>
    count === undefined ? [] : [`${counted(count, "token")} ${what}`];
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["set up", resourceId],
    ["answer", text],
    ["ended by", finishReason],
    ["setup", time(setupMs)],
    ["first token", time(timeToFirstTokenMs)],
    ["latency", time(latencyMs)],
    [
      "usage",
      [...tokens(usage?.inputTokens, "in"), ...tokens(usage?.outputTokens, "out")].join(", ") ||
      undefined,
    ],
    ["cost", cost === undefined ? undefined : dollarsText(cost)],
    ["teardown", time(teardownMs)],
  ];
  return rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(11)}  ${value}`]
  );
}

/** What went wrong, with the way out. */
export function triedFailure(
  { failed }: TriedModel,
  { spec }: { readonly spec: string },
): DotevalsError | undefined {
  if (failed === undefined) return undefined;
  const { step, error } = failed;
  if (step === "setup" && error instanceof DotevalsError) return error;
  const what = {
    setup: `The model "${spec}" could not be set up`,
    call: `The model "${spec}" did not answer`,
    teardown: `The model "${spec}" could not be torn down`,
  }[step];
  return new DotevalsError(`${what}: ${messageOf(error)}`, {
    code: codeOf(error) ?? `model-${step}-failed`,
    hint: step === "call" ? hintFor(error) : undefined,
    exitCode: step === "call" ? 1 : 3,
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === "object" && error !== null && "code" in error
    ? error.code
    : undefined;
  return typeof code === "string" ? code : undefined;
}

function hintFor(error: unknown): string {
  const wait = retryAfterMs(error);
  const hints: Readonly<Record<ModelErrorCode, string>> = {
    "rate-limit": wait === undefined
      ? "The endpoint refuses for the rate: wait, and try again. A run does both by itself."
      : `Try again in ${durationText(wait)}. A run does so by itself.`,
    transient: "It may pass: try again. A run does so by itself.",
    authentication:
      'The key is missing, wrong, or may not do this. "dotevals providers list" names the variables.',
    "invalid-request": "Look at the model's name, and at the options of its provider.",
    "context-length": "Ask something shorter with --prompt, or use a model with a longer context.",
    "provider-crash":
      "The provider's own process ended; its log says why: --log-level debug of run.",
  };
  return hints[codeOf(error) as ModelErrorCode] ?? "Run it again with --debug for the stack.";
}
