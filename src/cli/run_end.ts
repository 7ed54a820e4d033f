/**
 * How `dotevals run` ends: its status, and its last lines.
 *
 * @module
 */
import type { EvaluationOutcome } from "../run/finish.ts";
import { shellWord } from "./shell_word.ts";

/** How a run ended. */
export interface RunEnd {
  readonly experiment: string;
  readonly outcomes: readonly EvaluationOutcome[];
  readonly interrupted: boolean;
  /** What to write in a shell to run the command. */
  readonly program: string;
  /** The command's arguments. */
  readonly args: readonly string[];
}

/** Statuses from the one that says most to the one that says least. */
const STATUSES = [130, 3, 4, 1, 2];

/** The status to exit with where several apply: docs/command.md tells users the order. */
export function firstStatus(statuses: readonly number[]): number {
  return STATUSES.find((status) => statuses.includes(status)) ?? 0;
}

/** The status that evaluations ask for. */
export function exitStatus(outcomes: readonly EvaluationOutcome[], interrupted: boolean): number {
  if (interrupted) return 130;
  const statuses = outcomes.map(({ end, failure, own, ...all }) => {
    const { completed, errors } = own ?? all;
    if (end === "failed" || isBudget(failure)) return statusOf(failure);
    return completed > 0 && errors === completed ? 1 : 0;
  });
  return firstStatus([...statuses, outcomes.every(({ items }) => items === 0) ? 2 : 0]);
}

/** The status that an error asks for; it may come from another copy of this library. */
function statusOf(failure: unknown): number {
  const status = typeof failure === "object" && failure !== null && "exitCode" in failure
    ? failure.exitCode
    : undefined;
  return typeof status === "number" ? status : 1;
}

function isBudget(failure: unknown): boolean {
  return typeof failure === "object" && failure !== null && "code" in failure &&
    failure.code === "budget-spent";
}

/** What to do next, in lines. */
export function closingLines(end: RunEnd): readonly string[] {
  const { outcomes, experiment, program } = end;
  const isSpent = outcomes.some(({ failure }) => isBudget(failure));
  const completed = outcomes.reduce((sum, outcome) => sum + outcome.completed, 0);
  const errors = outcomes.reduce((sum, outcome) => sum + outcome.errors, 0);
  const lines: string[] = [];
  if (errors > 0) {
    const what = errors === 1 ? "1 item ended with an error" : `${errors} items ended with errors`;
    const words = ["show", experiment, "--errors", ...storageWords(end.args)];
    lines.push(`${what}; to see: ${[program, ...words.map(shellWord)].join(" ")}`);
  }
  if (end.interrupted || isSpent) {
    const why = end.interrupted ? "Interrupted" : "Out of budget";
    const total = outcomes.reduce((sum, { items }) => sum + items, 0);
    const isCounted = outcomes.every((outcome) => outcome.isCounted);
    const of = isSpent && isCounted ? ` of ${total}` : "";
    lines.push(
      `${why}; ${completed}${of} ${
        completed === 1 && of === "" ? "item is" : "items are"
      } recorded. ` +
        `To go on: ${resumeCommand(end)}`,
    );
  }
  const shard = shardLine(outcomes);
  return shard === undefined ? lines : [shard, ...lines];
}

/** What of the whole was this session's shard, and what is recorded of both. */
function shardLine(outcomes: readonly EvaluationOutcome[]): string | undefined {
  const shards = outcomes.flatMap(({ own }) => own === undefined ? [] : [own]);
  if (shards.length === 0) return undefined;
  const [own, all] = [totals(shards), totals(outcomes)];
  // How many items a shard has is known once all rows were read.
  const isKnown = outcomes.every(({ end }) => end === "complete");
  return `This shard: ${own.completed}${isKnown ? ` of ${own.items}` : ""} items are recorded; ` +
    `all shards: ${all.completed} of ${all.items}.`;
}

function totals(counts: readonly { readonly completed: number; readonly items: number }[]) {
  return {
    completed: counts.reduce((sum, { completed }) => sum + completed, 0),
    items: counts.reduce((sum, { items }) => sum + items, 0),
  };
}

/** The command that goes on with this run. */
function resumeCommand({ program, args, experiment }: RunEnd): string {
  const kept = args.filter((argument) => argument !== "--fresh");
  const named = args.some((argument) => /^--experiment(=|$)/.test(argument));
  const words = named ? kept : [...kept, "--experiment", experiment];
  return [program, "run", ...words.map(shellWord)].join(" ");
}

/** The storage that the arguments name, as arguments. */
function storageWords(args: readonly string[]): readonly string[] {
  const at = args.findLastIndex((argument) => /^--storage(=|$)/.test(argument));
  return at === -1 ? [] : args.slice(at, args[at] === "--storage" ? at + 2 : at + 1);
}
