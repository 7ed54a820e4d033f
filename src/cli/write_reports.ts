/**
 * Writes the reports that were asked for.
 *
 * @module
 */
import { resolve } from "@std/path/resolve";
import { messageOf } from "../errors.ts";
import { loadReporter, type ReporterName, type ReportSource } from "../report/reporter.ts";
import { type CommandIo, OutputClosedError, type TextSink } from "./command.ts";
import { sameOutput, type WantedReport } from "./reporter_option.ts";
import { appendSummary } from "./step_summary.ts";
import { checkWritable, writeWhole } from "./whole_file.ts";
import { writePieces } from "./write_pieces.ts";

/** What to write of, and how. */
export interface WriteReportsOptions {
  /** What the reports are made from. */
  readonly source: Omit<ReportSource, "folder">;
  /** The report for people, as the command has it. */
  readonly pretty: (output: Pick<TextSink, "size" | "color">) => AsyncIterable<string>;
  readonly io: CommandIo;
}

/**
 * Makes sure, before anything is paid for, that all files can be written.
 *
 * @throws {DotevalsError} `file-not-writable`, or `same-output` where two of them are one file
 */
export async function checkReports(wanted: readonly WantedReport[], io: CommandIo): Promise<void> {
  const targets = new Set<string>();
  for (const { name, file } of wanted) {
    if (file === undefined) continue;
    const path = resolve(io.cwd, file);
    await checkWritable(path, { what: `The report ${name}`, name: file });
    // Two paths may name one file, by a link.
    const target = await Deno.realPath(path).catch(() => path);
    if (targets.has(target)) throw sameOutput(file);
    targets.add(target);
  }
}

/**
 * Writes the reports one by one; what goes wrong with one is told, and keeps no other from being
 * written. Returns whether all are there.
 */
export async function writeReports(
  wanted: readonly WantedReport[],
  options: WriteReportsOptions,
): Promise<boolean> {
  const { io } = options;
  const summary = io.env("GITHUB_STEP_SUMMARY");
  let areWritten = true;
  async function attempt(
    what: string,
    file: string | undefined,
    write: () => Promise<void>,
  ): Promise<void> {
    try {
      await write();
    } catch (error) {
      // Who reads no further has read enough; the other reports go elsewhere.
      if (error instanceof OutputClosedError) return;
      areWritten = false;
      const where = file === undefined ? "" : ` to "${file}"`;
      io.stderr.write(`error: ${what} could not be written${where}: ${messageOf(error)}\n`);
    }
  }
  for (const report of wanted) {
    const { name, file } = report;
    await attempt(`The report ${name}`, file, () => write(report, options));
    if (name === "github" && summary) {
      await attempt("The step's summary", summary, () => writeSummary(summary, options));
    }
  }
  return areWritten;
}

async function write({ name, file }: WantedReport, options: WriteReportsOptions): Promise<void> {
  const { io } = options;
  const sink = name === "github" ? io.stderr : io.stdout;
  const output = file === undefined ? sink : { size: undefined, color: false };
  const pieces = await piecesOf(name, { ...options, output });
  if (file === undefined) await writePieces(sink, pieces);
  else await writeWhole(resolve(io.cwd, file), pieces);
}

async function writeSummary(path: string, options: WriteReportsOptions): Promise<void> {
  const output = { size: undefined, color: false };
  await appendSummary(path, await piecesOf("markdown", { ...options, output }));
}

async function piecesOf(
  name: ReporterName,
  { source, pretty, io, output }: WriteReportsOptions & {
    readonly output: Pick<TextSink, "size" | "color">;
  },
): Promise<AsyncIterable<string>> {
  if (name === "pretty") return pretty(output);
  const folder = io.env("GITHUB_WORKSPACE") || io.cwd;
  const reporter = await loadReporter(name);
  return reporter({ ...source, folder });
}
