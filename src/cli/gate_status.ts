/**
 * The gates of a run, once it has ended.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { ExperimentReport } from "../report/experiment_report.ts";
import { gateLines } from "../report/gates/gate_lines.ts";
import { judgeGates, type Judgement } from "../report/gates/judge_gates.ts";
import { plainLines } from "../report/plain_text.ts";
import { styleOf } from "../report/style.ts";
import type { TextSink } from "./command.ts";
import type { Gates } from "./gate_option.ts";

/** What became of the gates, or why they could not be judged. */
export interface JudgedGates {
  readonly judgements: readonly Judgement[];
  readonly error: DotevalsError | undefined;
}

/** Judges the gates of a run; without gates there is nothing to judge. */
export function judgeRun(gates: Gates | undefined, report: ExperimentReport): JudgedGates {
  if (gates === undefined) return { judgements: [], error: undefined };
  try {
    const judgements = judgeGates(gates.gates, report, gates.baseline);
    return { judgements, error: undefined };
  } catch (error) {
    if (!(error instanceof DotevalsError)) throw error;
    return { judgements: [], error };
  }
}

/** Says what became of gates, and returns the status that asks for: 0, 1, or 2 for what does not exist. */
export function gateStatus(
  { judgements, error }: JudgedGates,
  { stderr, mask }: { readonly stderr: TextSink; readonly mask: (text: string) => string },
): number {
  if (error !== undefined) {
    const text = [`error: ${error.message}`, ...error.hint === undefined ? [] : [error.hint]];
    stderr.write(`${plainLines(mask(text.join("\n"))).join("\n")}\n`);
    return error.exitCode;
  }
  for (const line of gateLines(judgements, styleOf(stderr.color))) {
    stderr.write(`${mask(line)}\n`);
  }
  return judgements.every(({ passed }) => passed) ? 0 : 1;
}
