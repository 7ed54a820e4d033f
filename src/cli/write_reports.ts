/**
 * Writes the reports that were asked for.
 *
 * @module
 */
import { resolve } from "@std/path/resolve";
import { DotevalsError, messageOf } from "../errors.ts";
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
 * Writes the reports one by one; what goes wrong with one keeps no other from being written. Returns
 * the first failure, after all have been told.
 */
export async function writeReports(
  wanted: readonly WantedReport[],
  options: WriteReportsOptions,
): Promise<unknown> {
  const { io } = options;
  let failure: unknown;
  for (const report of wanted) {
    try {
      await write(report, options);
    } catch (error) {
      // Who reads no further has read enough; the other reports go elsewhere.
      if (error instanceof OutputClosedError) continue;
      failure ??= notWritten(report, error);
      const text = `error: ${messageOf(notWritten(report, error))}\n`;
      io.stderr.write(text);
    }
  }
  return failure;
}

const NOT_WRITTEN = "report-not-written";

function notWritten({ name, file }: WantedReport, cause: unknown): DotevalsError {
  if (cause instanceof DotevalsError && cause.code === NOT_WRITTEN) return cause;
  const where = file === undefined ? "" : ` to "${file}"`;
  return new DotevalsError(
    `The report ${name} could not be written${where}: ${messageOf(cause)}`,
    { code: NOT_WRITTEN, cause },
  );
}

async function write(report: WantedReport, options: WriteReportsOptions): Promise<void> {
  const { io } = options;
  const { name, file } = report;
  const sink = name === "github" ? io.stderr : io.stdout;
  const output = file === undefined ? sink : { size: undefined, color: false };
  const pieces = await piecesOf(name, { ...options, output });
  if (file === undefined) await writePieces(sink, pieces);
  else await writeWhole(resolve(io.cwd, file), pieces);
  const summary = io.env("GITHUB_STEP_SUMMARY");
  if (name === "github" && summary) {
    try {
      await appendSummary(summary, await piecesOf("markdown", { ...options, output }));
    } catch (cause) {
      throw new DotevalsError(
        `The step's summary could not be written to "${summary}": ${messageOf(cause)}`,
        { code: NOT_WRITTEN, cause },
      );
    }
  }
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
