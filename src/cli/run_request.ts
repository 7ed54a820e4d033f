/**
 * What `dotevals run` can be asked for.
 *
 * @module
 */
import type { BudgetOptions } from "../run/run_budget.ts";
import type { FoundFiles } from "../plan/find_files.ts";
import type { ModelSpec } from "../providers/model_spec.ts";
import type { Concurrency } from "../run/concurrency.ts";
import type { Shard, Storage } from "../storage/storage.ts";
import { budgetOptions } from "./budget_option.ts";
import type { OptionValues } from "./option_specs.ts";
import { reporterOption, type WantedReport } from "./reporter_option.ts";
import { storageOption } from "./storage_option.ts";

/** The options of `run`. */
export const runOptions = {
  experiment: {
    type: "text",
    value: "NAME",
    summary: "add results to this experiment; else one named by date and time",
  },
  model: {
    type: "texts",
    value: "[NAME=]SPEC",
    summary: "run with this model, such as openai:gpt-4o-mini; several are variants",
  },
  "model-option": {
    type: "texts",
    value: "NAME.key=VALUE",
    summary: "an option of a model's provider",
  },
  sandbox: { type: "flag", summary: "run providers from files in a sandbox, as those from URLs" },
  samples: { type: "count", value: "N", least: 1, summary: "only each dataset's first N rows" },
  shard: {
    type: "text",
    value: "I/N",
    summary: "only the Ith of N equal parts of the items; other sessions run the others",
  },
  concurrency: {
    type: "text",
    value: "N|auto",
    summary: "items in flight; auto, the default, finds out how many pay",
  },
  "max-concurrency": {
    type: "count",
    value: "N",
    least: 1,
    summary: "with auto: at most N calls in flight at each endpoint",
  },
  ...budgetOptions,
  filter: {
    type: "text",
    value: "PATTERN",
    summary: "only evaluations whose name matches, a name or a regular expression",
  },
  fresh: { type: "flag", summary: "start anew; old results stay until the new are complete" },
  keep: { type: "flag", summary: "go on although an evaluation has changed" },
  ...reporterOption,
  gate: {
    type: "texts",
    value: "GATE",
    summary: 'exit with 1 unless this holds in the end: "exactMatch.accuracy >= 0.8"',
  },
  baseline: {
    type: "text",
    value: "EXPERIMENT",
    summary: 'what "baseline" in a gate means: the same metric of this experiment',
  },
  quiet: { type: "flag", summary: "no progress, only warnings and results" },
  log: { type: "text", value: "FILE", summary: "write all that happens to a file, as JSON lines" },
  "log-level": {
    type: "text",
    value: "LEVEL",
    choices: ["debug", "info", "warn", "error"],
    summary: "leave less important lines out of the log; info by default",
  },
  ...storageOption,
} as const;

/** What the options of `run` say. */
export type RunValues = OptionValues<typeof runOptions>;

/** What a command line of `run` asks for. */
export interface RunRequest {
  readonly values: RunValues;
  readonly models: readonly ModelSpec[];
  readonly concurrency: Concurrency;
  /** What the run may take; no limit without it. */
  readonly budget: BudgetOptions | undefined;
  /** The part of the items to run; all without it. */
  readonly shard: Shard | undefined;
  /** The reports to write. */
  readonly reports: readonly WantedReport[];
  /** The arguments as given, for the line that says how to go on. */
  readonly args: readonly string[];
  readonly found: FoundFiles;
  /** Where results are recorded; its owner closes it. */
  readonly storage: Promise<Storage>;
}
