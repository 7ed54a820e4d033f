/**
 * A variant's bindings as people read them.
 *
 * @module
 */
import type { StoredEvaluation } from "../storage/stored_evaluation.ts";
import { decode, encode } from "../values/tagged.ts";
import { plain } from "./plain_text.ts";

/** The bindings of a stored variant, by parameter. */
export function bindingsOf(
  { variant }: Pick<StoredEvaluation, "variant">,
): Readonly<Record<string, unknown>> {
  return decode(variant) as Readonly<Record<string, unknown>>;
}

/** The value of one parameter: strings as they are, all else as JSON. */
export function variantText(value: unknown): string {
  return plain(typeof value === "string" ? value : encode(value));
}

/** An evaluation's name and its variant in one line: `accuracy [model=echo:, style=terse]`. */
export function evaluationLabel(name: string, variant: Readonly<Record<string, unknown>>): string {
  const bindings = Object.entries(variant).map(([key, value]) =>
    `${plain(key)}=${variantText(value)}`
  );
  return bindings.length === 0 ? plain(name) : `${plain(name)} [${bindings.join(", ")}]`;
}
