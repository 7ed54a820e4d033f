/**
 * Errors in the forms that AWS answers them.
 *
 * @module
 */

/** An error of an AWS service. */
export interface Refusal {
  readonly status: number;
  /** The exception's name. */
  readonly type: string;
  readonly message: string;
  /** More members of the exception, as the service's model names them. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is thrown inside the stand-in to be answered as an error. */
export class Refused extends Error {
  /** Refuses with an exception of the service. */
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** The error as an answer; the header is REST-JSON's way to name it, `__type` that of JSON 1.1. */
export function toAnswer({ status, type, message, members, headers }: Refusal): Response {
  return Response.json(
    { __type: type, Message: message, message, ...members },
    { status, headers: { "x-amzn-errortype": type, ...headers } },
  );
}
