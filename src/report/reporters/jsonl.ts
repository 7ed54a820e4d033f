/**
 * The reporter `jsonl`: a line for each result.
 *
 * @module
 */
import { evaluationLine, experimentLine, resultLine } from "../result_line.ts";
import type { ReportSource } from "../reporter.ts";

/** The lines, each read from the storage as it is written. */
export async function* reporter({ report, storage }: ReportSource): AsyncGenerator<string> {
  yield experimentLine(report.experiment);
  for (const { stored } of report.evaluations) {
    yield evaluationLine(stored, await storage.metrics(stored.id));
    for await (const record of storage.records(stored.id)) yield resultLine(record, stored);
  }
}
