/**
 * Fingerprints: what makes an evaluation's definition, so that results of two definitions
 * are never mixed silently.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { ModelSpec } from "../providers/model_spec.ts";
import type { Fingerprint } from "../storage/stored_evaluation.ts";
import { canonical } from "../values/canonical.ts";
import type { NamedEvaluation } from "./discover.ts";
import type { ModuleGraphs } from "./module_graph.ts";

/** Digests the code of an evaluation: the local modules it comes from, or its function's text. */
export async function codeDigest(
  { evaluation, file }: NamedEvaluation,
  graphs: ModuleGraphs,
): Promise<string> {
  const roots = [file, evaluation.madeAt?.url].filter((url) => url?.startsWith("file:"));
  const modules = new Map<string, string>();
  for (const root of new Set(roots)) {
    if (root === undefined) continue;
    for (const [url, digest] of await graphs.localModules(root)) modules.set(url, digest);
  }
  if (modules.size === 0) return digestOf(evaluation.fn.toString());
  // By content alone: a checkout in another folder is the same definition.
  return digestOf([...new Set(modules.values())].toSorted().join("\n"));
}

/** The fingerprint of an evaluation under a variant. */
export function fingerprintOf(
  code: string,
  model: ModelSpec | undefined,
  versions: { readonly dotevals: string; readonly evaluation: string | undefined },
): Fingerprint {
  return {
    code,
    model: model ? digestOf(canonical([model.spec, model.options])) : "",
    major: versions.dotevals.split(".")[0] ?? "",
    version: versions.evaluation ?? "",
  };
}

/** What differs between two fingerprints, in words; empty where they are the same. */
export function fingerprintChanges(before: Fingerprint, now: Fingerprint): readonly string[] {
  const names: readonly (readonly [keyof Fingerprint, string])[] = [
    ["code", "its code (its file, or a local module that it imports)"],
    ["model", "its model's options"],
    ["major", `dotevals' major version (${before.major || "not known"} then, ${now.major} now)`],
    ["version", `its version ("${before.version}" then, "${now.version}" now)`],
  ];
  return names.filter(([part]) => before[part] !== now[part]).map(([, words]) => words);
}

function digestOf(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
