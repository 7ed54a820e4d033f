/**
 * What a provider under test finds at the other end.
 *
 * @module
 */
import type { ModelOption } from "../model_spec.ts";

/** The kinds of refusal that a provider must tell apart. */
export type RefusalSituation =
  | "rate-limit"
  | "transient"
  | "authentication"
  | "invalid-request"
  | "context-length";

/**
 * What is at the other end, for one case:
 *
 * - `answers`: every call is answered.
 * - `holds`: setup goes through, and calls wait at the endpoint until they are released.
 * - `rate-limit`: setup goes through, and calls are refused for their rate, with the word to come back
 *   after two seconds.
 * - `transient`: setup goes through, and calls meet a failure of the endpoint that may pass, such as 503.
 * - `authentication`: setup goes through, and calls are refused for their key.
 * - `invalid-request`: setup goes through, and calls are refused as something that is no request.
 * - `context-length`: setup goes through, and calls are refused as longer than the model's context.
 * - `setup-fails`: setup cannot succeed.
 * - `setup-hangs`: setup does not come to an end by itself.
 */
export type Situation = "answers" | "holds" | RefusalSituation | "setup-fails" | "setup-hangs";

/** What a provider has created at the other end: processes, containers, endpoints. */
export interface CreatedResources {
  /** How many there were until now. */
  readonly created: number;
  /** How many of them are still there. */
  readonly left: number;
}

/** The other end, as it was started for one case; disposed at the case's end. */
export interface TestEndpoint extends AsyncDisposable {
  /** What `setup` gets: the part of the model's spec behind the provider's name. */
  readonly spec: string;
  /** The model's options, as a user would give them; the provider's `config` checks them. */
  readonly options?: Readonly<Record<string, ModelOption>>;
  /** The environment; the provider sees of it what it was granted. */
  readonly env?: Readonly<Record<string, string>>;
  /** How many calls arrived until now. */
  calls?(): number | Promise<number>;
  /**
   * How many calls wait at the endpoint now; one whose connection the provider closed does not. Where
   * there is no endpoint that could see this, a call counts as under way once it is made. In the
   * situation `setup-hangs`: how many setups wait.
   */
  waiting?(): number | Promise<number>;
  /** Lets the calls that wait be answered. */
  release?(): void | Promise<void>;
  /** What setups have created here, where they create something. */
  resources?(): CreatedResources | Promise<CreatedResources>;
}
