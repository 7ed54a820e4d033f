/**
 * Environment variables that a model's options name.
 *
 * @module
 */
import type { ModelOption } from "./model_spec.ts";

/** What options ending in `Variable` name, and those in `Variables`, which hold several. */
export function variablesNamedBy(
  options: Readonly<Record<string, ModelOption>>,
): readonly string[] {
  const named: string[] = [];
  for (const [option, value] of Object.entries(options)) {
    const names = option.endsWith("Variable") ? [value] : [];
    if (option.endsWith("Variables")) names.push(...Object.values(value ?? {}));
    for (const name of names) if (typeof name === "string") named.push(name);
  }
  return named;
}
