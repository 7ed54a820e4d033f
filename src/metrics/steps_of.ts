/**
 * A metric's result with pauses.
 *
 * @module
 */
import type { MetricState, MetricValue } from "../evaluation/metric.ts";

/** What a state comes to; pauses where it has steps. */
export function* stepsOf(state: MetricState, errors: number): Generator<void, MetricValue> {
  return state.steps === undefined ? state.result(errors) : yield* state.steps(errors);
}
