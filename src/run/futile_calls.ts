/**
 * When an evaluation's further calls would all fail as those before did.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import { restAskedMs, statusOf } from "../providers/call_failure.ts";
import { type Endpoint, LONGEST_REST_MS } from "../schedule/endpoint.ts";

/** So many first calls that all fail with one message are enough. */
const ENOUGH = 20;

/** An endpoint that is down for longer, in milliseconds, is not waited for. */
const PATIENCE_MS = 300_000;

/** A call that failed for good. */
export interface FailedCall {
  /** What results call the model. */
  readonly model: string;
  readonly error: unknown;
  readonly endpoint: Endpoint;
}

/** Follows the calls of one evaluation under one variant. */
export class FutileCalls {
  #failed = 0;
  #message: string | undefined;
  #isOpen = true;

  /** A call came back: whatever fails now is its item's error. */
  answered(): void {
    this.#isOpen = false;
  }

  /** Why no further call is worth making, where the failure of one shows it. */
  failed({ model, error, endpoint }: FailedCall): DotevalsError | undefined {
    const status = statusOf(error);
    const message = messageOf(error);
    const refused = codeOf(error) === "authentication" || status === 401 || status === 402;
    // An endpoint that answers may yet refuse single requests so, for what is in them.
    const isNew = !endpoint.hasAnswered;
    if (refused && status !== 403 || isNew && status === 403) {
      return futile("key-refused", `The endpoint of "${model}" refuses the key: ${message}`, error);
    }
    if (isNew && status === 404) {
      return futile("unknown-model", `The endpoint does not know "${model}": ${message}`, error);
    }
    if (this.#allFailAlike(message)) {
      const text = `The first ${ENOUGH} calls of "${model}" all failed alike: ${message}`;
      return futile("calls-fail", text, error);
    }
    return undefined;
  }

  /** Why an endpoint is not waited for: it is down for long, or asks to be left alone for long. */
  static away(call: FailedCall, now: number): DotevalsError | undefined {
    const { model, error, endpoint } = call;
    const restMs = restAskedMs(error);
    if (restMs > LONGEST_REST_MS) {
      const text = `The endpoint of "${model}" asks to be left alone for ${hours(restMs)}: `;
      return futile("endpoint-rests", text + messageOf(error), error, "Once it answers again");
    }
    const since = endpoint.breaker.downSince;
    if (since === undefined || now - since < PATIENCE_MS) return undefined;
    const minutes = Math.floor((now - since) / 60_000);
    const text = `The endpoint of "${model}" has been down for ${minutes} min: ${messageOf(error)}`;
    return futile("endpoint-down", text, error, "Once it is up again");
  }

  #allFailAlike(message: string): boolean {
    if (!this.#isOpen) return false;
    // Ids and times of requests differ in messages that say the same.
    const said = message.replace(/\w*\d[\w.-]*/g, "#");
    this.#message ??= said;
    this.#isOpen = said === this.#message;
    return this.#isOpen && ++this.#failed >= ENOUGH;
  }
}

function hours(milliseconds: number): string {
  const count = milliseconds / 3_600_000;
  return count < 48 ? `${count.toFixed(1)} hours` : `${Math.round(count / 24)} days`;
}

function futile(
  code: string,
  text: string,
  cause: unknown,
  when = "Once that is put right",
): DotevalsError {
  return new DotevalsError(text, {
    code,
    hint: `${when}, the same command goes on with what is left.`,
    exitCode: 4,
    cause,
  });
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
