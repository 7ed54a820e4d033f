/**
 * Cases of calls that are refused.
 *
 * @module
 */
import type { ConformanceCase } from "./case.ts";
import { check, settled, shown } from "./check.ts";
import type { RefusalSituation } from "./situation.ts";
import type { Trial } from "./trial.ts";

/** What `RefusalSituation` "rate-limit" asks for. */
const RETRY_AFTER_MS = 2000;

/** A shorter value may be in a message by chance. */
const SECRET_LENGTH = 8;

const REFUSALS: Readonly<Record<RefusalSituation, readonly [title: string, retryable: boolean]>> = {
  "rate-limit": ["RateLimitError", true],
  transient: ["TransientError", true],
  authentication: ["AuthenticationError", false],
  "invalid-request": ["InvalidRequestError", false],
  "context-length": ["ContextLengthError", false],
};

/** Calls that are refused. */
export const errorCases: readonly ConformanceCase[] = [
  ...(Object.keys(REFUSALS) as RefusalSituation[]).map(refusalCase),
  {
    name: "retry-after",
    sentence: "says how long the endpoint asked to be left alone",
    situation: "rate-limit",
    async run(trial) {
      const { retryAfterMs } = await refusal(trial);
      check(
        retryAfterMs === RETRY_AFTER_MS,
        `retryAfterMs must be ${RETRY_AFTER_MS}; it is ${retryAfterMs}`,
      );
    },
  },
];

function refusalCase(code: RefusalSituation): ConformanceCase {
  const [title, retryable] = REFUSALS[code];
  return {
    name: code,
    sentence: `says ${title} where that is it, after one attempt`,
    situation: code,
    async run(trial) {
      const error = await refusal(trial);
      const said = `it is ${shown(error.cause)}`;
      check(error.code === code, `the error's code must be "${code}"; ${said}`);
      check(error.retryable === retryable, `the error's retryable must be ${retryable}; ${said}`);
      check(error.message !== "", "an error must have a message");
      const [secret] = Object.entries(trial.endpoint.env ?? {}).filter(([, value]) =>
        value.length >= SECRET_LENGTH && error.message.includes(value)
      );
      check(secret === undefined, `the message must not hold the value of ${secret?.[0]}`);
      const calls = await trial.endpoint.calls?.() ?? 1;
      check(calls === 1, `a provider must not try again by itself; there were ${calls} attempts`);
    },
  };
}

interface Refusal {
  readonly code: unknown;
  readonly retryable: unknown;
  readonly retryAfterMs: unknown;
  readonly message: string;
  readonly cause: unknown;
}

/** What a refused call threw, read by shape. */
async function refusal(trial: Trial): Promise<Refusal> {
  const { model } = await trial.setUp();
  const { prompt } = trial.options.question(0);
  const call = settled(model.generate(prompt));
  const end = await trial.within(call, "a call that is refused must end");
  check(end.failed, "a call that is refused must fail; it was answered");
  const { error } = end;
  check(error instanceof Error, `an error must be thrown, not ${shown(error)}`);
  const part = (name: string): unknown => Reflect.get(error, name);
  return {
    code: part("code"),
    retryable: part("retryable"),
    retryAfterMs: part("retryAfterMs"),
    message: error.message,
    cause: error,
  };
}
