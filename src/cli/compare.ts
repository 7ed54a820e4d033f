/**
 * `dotevals compare`: how experiments differ, and how sure that is.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { compareExperiments } from "../report/comparison/compare_experiments.ts";
import type { Comparison } from "../report/comparison/comparison.ts";
import { comparisonHtml } from "../report/comparison/comparison_html.ts";
import { comparisonJson } from "../report/comparison/comparison_json.ts";
import { comparisonLines } from "../report/comparison/comparison_lines.ts";
import { comparisonMarkdown } from "../report/comparison/comparison_markdown.ts";
import type { Command, CommandIo, TextSink } from "./command.ts";
import { comparedExperiments, parseRenamed } from "./compared_experiments.ts";
import { parseOptions } from "./options.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";

/** Rows that are shown in each direction, where nothing else is asked for. */
const FLIPS = 3;

const options = {
  by: {
    type: "text",
    value: "PARAMETER",
    summary: "compare the variants of one experiment by this parameter, such as model",
  },
  evaluation: { type: "text", value: "NAME", summary: "compare this evaluation only" },
  renamed: {
    type: "texts",
    value: "OLD=NEW",
    summary: "an evaluation of the first experiment has another name in the others",
  },
  "lower-is-better": {
    type: "texts",
    value: "SCORE",
    summary: "a score of which less is better",
  },
  flips: {
    type: "count",
    value: "N",
    least: 0,
    summary: `rows to show that changed, in each direction; ${FLIPS} by default`,
  },
  json: { type: "flag", summary: "print JSON, as docs/json.md describes it" },
  markdown: { type: "flag", summary: "print Markdown, for a pull request" },
  html: { type: "flag", summary: "print a page of its own" },
  ...storageOption,
} as const;

/** The command. */
export const command: Command = {
  name: "compare",
  summary: "Compare experiments row by row: what differs, and how sure that is.",
  usage: "EXPERIMENT EXPERIMENT… [options]",
  help: `
Each experiment is compared with the first. Rows are paired by their content; EXPERIMENT:model=SPEC
selects the variants with that binding. docs/comparing.md says what is tested.

Example:
  dotevals compare before after`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "compare", options }, args);
  const formats = (["json", "markdown", "html"] as const).filter((format) => values[format]);
  if (formats.length > 1) {
    throw new DotevalsError(`--${formats.join(" and --")} exclude each other.`, {
      code: "invalid-value",
      hint: "Leave all but one of them out.",
    });
  }
  const renamed = parseRenamed(values.renamed);
  await using storage = await openStorageOption(values.storage, { io, mode: "read" });
  const experiments = await comparedExperiments(storage, words, { by: values.by });
  const comparison = await compareExperiments(storage, experiments, {
    evaluation: values.evaluation,
    renamed,
    flips: values.flips ?? FLIPS,
    lowerIsBetter: values["lower-is-better"],
  });
  io.stdout.write(textOf(comparison, formats[0], io.stdout));
  return comparison.pairs.some(({ scores }) => scores.length > 0) ? 0 : 2;
}

function textOf(
  comparison: Comparison,
  format: "json" | "markdown" | "html" | undefined,
  { size, color }: TextSink,
): string {
  switch (format) {
    case "json":
      return comparisonJson(comparison);
    case "markdown":
      return comparisonMarkdown(comparison);
    case "html":
      return comparisonHtml(comparison);
    case undefined:
      return `${comparisonLines(comparison, { columns: size?.columns, color }).join("\n")}\n`;
  }
}
