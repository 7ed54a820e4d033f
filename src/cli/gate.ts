/**
 * `dotevals gate`: whether a stored experiment is good enough.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { reportExperiment } from "../report/experiment_report.ts";
import { gateJson } from "../report/gates/gate_json.ts";
import { gateLines } from "../report/gates/gate_lines.ts";
import { judgeGates } from "../report/gates/judge_gates.ts";
import { styleOf } from "../report/style.ts";
import type { Command, CommandIo } from "./command.ts";
import { readGates } from "./gate_option.ts";
import { parseOptions } from "./options.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";

const options = {
  baseline: {
    type: "text",
    value: "EXPERIMENT",
    summary: 'what "baseline" in a gate means: the same metric of this experiment',
  },
  json: { type: "flag", summary: "print JSON, as docs/json.md describes it" },
  ...storageOption,
} as const;

/** The command. */
export const command: Command = {
  name: "gate",
  summary: "Fail where an experiment is not good enough.",
  usage: 'EXPERIMENT "GATE"… [options]',
  help: `
A gate is a metric and its limit: "exactMatch.accuracy >= 0.8", "lower(exactMatch.accuracy) > 0.7",
"sums/exactMatch.accuracy >= baseline - 0.02", "errors <= 0", "errorRate < 1%", "cost <= 5".
Where one fails, it exits with 1. docs/comparing.md has more.

Example:
  dotevals gate first "exactMatch.accuracy >= 0.8" "errors <= 0"`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "gate", options }, args);
  const [experiment, ...texts] = words;
  if (experiment === undefined || texts.length === 0) {
    throw new DotevalsError('"dotevals gate" needs an experiment and a gate.', {
      code: "missing-argument",
      hint: 'Write: dotevals gate EXPERIMENT "exactMatch.accuracy >= 0.8"',
    });
  }
  await using storage = await openStorageOption(values.storage, { io, mode: "read" });
  const { gates, baseline } = await readGates(storage, { texts, baseline: values.baseline });
  const judgements = judgeGates(gates, await reportExperiment(storage, experiment), baseline);
  io.stdout.write(
    values.json
      ? gateJson(experiment, judgements)
      : gateLines(judgements, styleOf(io.stdout.color)).map((line) => `${line}\n`).join(""),
  );
  return judgements.every(({ passed }) => passed) ? 0 : 1;
}
