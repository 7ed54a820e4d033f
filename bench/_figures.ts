/**
 * How benchmarks say what they measured.
 *
 * @module
 */

/** Prints a figure as a line of JSON, for `deno task bench` to collect. */
export function figure(name: string, value: number, unit: string): void {
  // deno-lint-ignore no-console -- what a benchmark is for
  console.log(JSON.stringify({ name, value: Math.round(value * 1000) / 1000, unit }));
}

/** The middle of some values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[sorted.length >> 1] ?? NaN];
  return (low + high) / 2;
}
