/**
 * `dotevals datasets`: the datasets that come with dotevals.
 *
 * @module
 */
import type { DatasetCard } from "../datasets/define_dataset.ts";
import { BUILTIN_DATASETS } from "../datasets/named/builtin_datasets.ts";
import { type Style, styleOf } from "../report/style.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";

const options = {
  verbose: { type: "flag", summary: "show columns, licence and where it is published, too" },
  json: { type: "flag", summary: "print JSON, as docs/command.md describes it" },
} as const;

/** The version of the document that `--json` prints. */
const JSON_VERSION = 1;

/** The command. */
export const command: Command = {
  name: "datasets",
  summary: "List the datasets that come with dotevals.",
  usage: "[options]",
  help: `
Use one as foreach(gsm8k("test"), …); its rows are downloaded when it is first used.

Example:
  dotevals datasets --verbose`,
  options,
  run,
};

function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "datasets", options }, args);
  wordsFor(words, { command: "datasets", names: [] });
  const style = styleOf(io.stdout.color);
  io.stdout.write(
    values.json
      ? `${JSON.stringify({ version: JSON_VERSION, datasets: BUILTIN_DATASETS })}\n`
      : BUILTIN_DATASETS.map((card) => textOf(card, style, values.verbose ?? false)).join(""),
  );
  return Promise.resolve(0);
}

function textOf(card: DatasetCard, style: Style, verbose: boolean): string {
  const splits = Object.entries(card.splits).map(([name, { rows }]) =>
    rows === undefined ? name : `${name} (${rows.toLocaleString("en")})`
  );
  const facts = [
    ["splits", splits.join(", ")],
    ...verbose
      ? [
        ["columns", card.columns.join(", ")],
        ["licence", card.license ?? "unknown"],
        ["source", card.source ?? "unknown"],
      ]
      : [],
  ];
  const lines = facts.map(([name = "", value]) => `  ${name.padEnd(7)}  ${value}`);
  return `${[`${style.bold(card.name)}  ${card.summary ?? ""}`, ...lines].join("\n")}\n`;
}
