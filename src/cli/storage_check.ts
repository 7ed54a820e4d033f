/**
 * `dotevals storage check`: looks whether a storage is sound.
 *
 * @module
 */
import { safeJson } from "../report/json_text.ts";
import { counted, countText } from "../report/numbers.ts";
import { plain } from "../report/plain_text.ts";
import { checkStorage, type StorageCheck } from "../storage/check.ts";
import type { Finding } from "../storage/finding.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { openDatabaseOption, SPOOL_FOLDER, storageOption } from "./storage_option.ts";

const options = {
  json: { type: "flag", summary: "print JSON, as docs/storage.md describes it" },
  ...storageOption,
} as const;

/** The version of the document that `--json` prints. */
const JSON_VERSION = 1;

/** The command. */
export const command: Command = {
  name: "storage check",
  summary: "Look whether a storage is sound.",
  usage: "[options]",
  help: `
Looks at the database itself, at what must hold of experiments in it, and at results that wait for
it on this machine. Changes nothing. Ends with 0 where all is sound, with 1 where something is wrong.

Example:
  dotevals storage check --storage results.db`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "storage check", options }, args);
  wordsFor(words, { command: "storage check", names: [] });
  await using opened = await openDatabaseOption(values.storage, io);
  const check = await checkStorage(opened.database, { spool: SPOOL_FOLDER });
  const sound = check.problems.length === 0;
  if (values.json) {
    io.stdout.write(
      `${safeJson(JSON.stringify({ version: JSON_VERSION, sound, ...schemaOf(check) }))}\n`,
    );
  } else io.stdout.write(`${linesOf(check).join("\n")}\n`);
  return sound ? 0 : 1;
}

/** The check with `schema` in the place of its version, which the document has one of. */
function schemaOf({ version, ...check }: StorageCheck): Readonly<Record<string, unknown>> {
  return { schema: version, ...check };
}

function linesOf(check: StorageCheck): readonly string[] {
  const { counts, problems, notes, looked, leftOut } = check;
  const held = counts === undefined ? [] : [
    counted(counts.experiments, "experiment"),
    counted(counts.sessions, "session"),
    counted(counts.evaluations, "evaluation"),
    `${counted(counts.items, "result")} (${counted(counts.errors, "error")}, ` +
    `${countText(counts.gone)} gone)`,
  ];
  return [
    `${plain(check.location)}: schema version ${check.version.found}`,
    ...held.length === 0 ? [] : [`  ${held.join(", ")}`],
    "Looked at",
    ...looked.map((text) => `  ${text}`),
    ...leftOut.length === 0 ? [] : ["Left out"],
    ...leftOut.map((text) => `  ${plain(text)}`),
    ...notes.flatMap((finding) => findingLines("note", finding)),
    ...problems.flatMap((finding) => findingLines("problem", finding)),
    problems.length === 0 ? "Sound." : `${counted(problems.length, "problem")}.`,
  ];
}

function findingLines(kind: string, { text, hint }: Finding): readonly string[] {
  return [`${kind}: ${plain(text)}`, `  ${plain(hint)}`];
}
