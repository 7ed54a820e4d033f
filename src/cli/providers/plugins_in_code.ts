/**
 * The plugins that evaluations name themselves.
 *
 * @module
 */
import type { NamedEvaluation } from "../../plan/discover.ts";
import { modelsOf } from "../../plan/variants.ts";
import { isPluginSpec } from "../../providers/lock/plugin_spec.ts";
import type { ModelSpec } from "../../providers/model_spec.ts";

/** Models of URLs that evaluations run with; none where `models` take the place of their own. */
export function pluginsInCode(
  selected: readonly NamedEvaluation[],
  models: readonly ModelSpec[],
): readonly ModelSpec[] {
  if (models.length > 0) return [];
  return selected.flatMap(({ evaluation }) => namedBy(evaluation))
    .filter(({ spec }) => isPluginSpec(spec));
}

/** What is wrong with an evaluation's models is its own failure, later. */
function namedBy(evaluation: NamedEvaluation["evaluation"]): readonly ModelSpec[] {
  try {
    return modelsOf(evaluation);
  } catch {
    return [];
  }
}
