/**
 * What `gate --json` prints: the contract of docs/json.md.
 *
 * @module
 */
import { safeJson } from "../json_text.ts";
import { reason } from "./gate_lines.ts";
import type { Judgement } from "./judge_gates.ts";

const VERSION = 1;

/** The text of `gate --json`. */
export function gateJson(experiment: string, judgements: readonly Judgement[]): string {
  const document = {
    version: VERSION,
    experiment,
    passed: judgements.every(({ passed }) => passed),
    gates: judgements.map((judgement) => ({
      gate: judgement.gate.text,
      evaluation: judgement.label ?? null,
      passed: judgement.passed,
      value: judgement.value ?? null,
      limit: Number.isFinite(judgement.limit) ? judgement.limit : null,
      items: judgement.items,
      errors: judgement.errors,
      reason: reason(judgement),
    })),
  };
  return `${safeJson(JSON.stringify(document, null, 2))}\n`;
}
