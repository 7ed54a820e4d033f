/**
 * The gates of a run, once it has ended.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { ExperimentReport } from "../report/experiment_report.ts";
import { gateLines } from "../report/gates/gate_lines.ts";
import { judgeGates } from "../report/gates/judge_gates.ts";
import { plainLines } from "../report/plain_text.ts";
import { styleOf } from "../report/style.ts";
import type { TextSink } from "./command.ts";
import type { Gates } from "./gate_option.ts";

/** Says what became of gates, and returns the status that asks for: 0, 1, or 2 for what does not exist. */
export function gateStatus(
  { gates, baseline }: Gates,
  report: ExperimentReport,
  { stderr, mask }: { readonly stderr: TextSink; readonly mask: (text: string) => string },
): number {
  try {
    const judgements = judgeGates(gates, report, baseline);
    for (const line of gateLines(judgements, styleOf(stderr.color))) {
      stderr.write(`${mask(line)}\n`);
    }
    return judgements.every(({ passed }) => passed) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof DotevalsError)) throw error;
    const text = [`error: ${error.message}`, ...error.hint === undefined ? [] : [error.hint]];
    stderr.write(`${plainLines(mask(text.join("\n"))).join("\n")}\n`);
    return error.exitCode;
  }
}
