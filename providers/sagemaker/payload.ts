/**
 * What a container is sent, and what it answers.
 *
 * @module
 */
import type { ModelRequest, ModelResponse } from "../../src/providers/model.ts";

/** How to speak with one kind of container. */
export interface Payload {
  /** Whether it can stream. */
  readonly streams: boolean;
  /**
   * The request's body.
   *
   * @throws {InvalidRequestError} if the container cannot be asked this
   */
  readonly toBody: (request: ModelRequest, stream: boolean) => unknown;
  /** The response that the whole answer stands for. */
  readonly toResponse: (answer: unknown, request: ModelRequest) => ModelResponse;
  /** Joins the events of a stream. */
  readonly join: (request: ModelRequest) => Joined;
}

/** A streamed answer that grows. */
export interface Joined {
  /** Adds an event; says whether it had a part of the answer in it. */
  add(event: unknown): boolean;
  /** The response that all events together stand for. */
  response(): ModelResponse;
}
