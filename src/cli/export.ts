/**
 * `dotevals export`: an experiment with all that is recorded of it, for other programs.
 *
 * @module
 */
import { resolve } from "@std/path/resolve";
import { DotevalsError } from "../errors.ts";
import { type Format, formatOf, FORMATS } from "../exchange/format.ts";
import { reportExperiment } from "../report/experiment_report.ts";
import { reporter as resultLines } from "../report/reporters/jsonl.ts";
import type { ReportSource } from "../report/reporter.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { STDOUT } from "./reporter_option.ts";
import { shellWord } from "./shell_word.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";
import { checkWritable, writeWhole } from "./whole_file.ts";
import { chunksOf, type Pieces, writePieces } from "./write_pieces.ts";

const options = {
  format: {
    type: "text",
    value: FORMATS.join("|"),
    choices: FORMATS,
    summary: "how to write it; as the file's name says, else jsonl",
  },
  output: {
    type: "text",
    value: "FILE",
    short: "o",
    summary: "where to write it; standard output by default, and for -",
  },
  evaluation: { type: "text", value: "NAME", summary: "export this evaluation only" },
  ...storageOption,
} as const;

/** The command. */
export const command: Command = {
  name: "export",
  summary: "Write an experiment to a file, with all that is recorded.",
  usage: "EXPERIMENT [options]",
  help: `
Writes every result as it was recorded: row, prompt, response, scores, error, metadata and calls.
"dotevals import" reads all of the formats; csv alone leaves out what an evaluation is made of.

Example:
  dotevals export first --format csv -o first.csv`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "export", options }, args);
  const [experiment = ""] = wordsFor(words, { command: "export", names: ["EXPERIMENT"] });
  const { evaluation } = values;
  const output = values.output === STDOUT ? undefined : values.output;
  const said = values.format as Format | undefined;
  const format = said ?? (output === undefined ? "jsonl" : formatOf(output) ?? "jsonl");
  if (output === undefined && format === "parquet" && io.stdout.isTerminal) {
    throw new DotevalsError("Parquet is no text, and standard output is a terminal.", {
      code: "binary-output",
      hint: `Write: dotevals export ${shellWord(experiment)} -o ${
        shellWord(`${experiment}.parquet`)
      }`,
    });
  }
  const path = output === undefined ? undefined : resolve(io.cwd, output);
  if (path !== undefined) await checkWritable(path, { what: "The export", name: output ?? "" });
  await using storage = await openStorageOption(values.storage, { io, mode: "read" });
  const report = await reportExperiment(storage, experiment, { evaluation });
  const plain = await piecesOf(format, { report, storage });
  const pieces = /\.gz$/i.test(output ?? "") && format !== "parquet" ? gzipped(plain) : plain;
  if (path === undefined) await writePieces(io.stdout, pieces);
  else await writeWhole(path, pieces);
  return 0;
}

/** What a file whose name says so holds; `import` unpacks it. */
async function* gzipped(pieces: Pieces): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield* ReadableStream.from<BufferSource>(chunksOf(pieces)).pipeThrough(
    new CompressionStream("gzip"),
  );
}

async function piecesOf(
  format: Format,
  source: Omit<ReportSource, "folder">,
): Promise<Pieces> {
  const lines = () => resultLines({ ...source, folder: "" });
  switch (format) {
    case "jsonl":
      return lines();
    case "json": {
      const { jsonDocument } = await import("../exchange/json_document.ts");
      return jsonDocument(lines());
    }
    case "csv": {
      const { csvText } = await import("../exchange/csv_export.ts");
      return csvText(source);
    }
    case "parquet": {
      // Through a variable: what a literal names is loaded at the start.
      const specifier = "../exchange/parquet_export.ts";
      const { parquetBytes }: typeof import("../exchange/parquet_export.ts") = await import(
        specifier
      );
      return parquetBytes(source);
    }
  }
}
