/**
 * The format `parquet`: a row for each result; evaluations are in the file's metadata.
 *
 * @module
 */
import {
  type BasicType,
  ByteWriter,
  type ColumnSource,
  ParquetWriter,
  schemaFromColumnData,
} from "hyparquet-writer";
import type { ReportSource } from "../report/reporter.ts";
import { callsJson, evaluationLine, experimentLine, scoresJson } from "../report/result_line.ts";
import type { StoredEvaluation } from "../storage/stored_evaluation.ts";
import type { StoredRecord } from "../storage/stored_record.ts";
import { cellOf } from "./cell.ts";
import { cellsOf } from "./table_row.ts";

/** The key of the file's metadata with the lines of the experiment and its evaluations. */
export const METADATA_KEY = "dotevals";

/** Results of a row group, and characters of their texts, at most. */
const GROUP = 5_000;
const GROUP_CHARACTERS = 16_000_000;

type Cells = Readonly<Record<string, unknown>>;

const COLUMNS: Readonly<Record<string, BasicType>> = {
  evaluation: "STRING",
  variant: "STRING",
  key: "STRING",
  position: "INT32",
  repeat: "INT32",
  row: "STRING",
  prompt: "STRING",
  response: "STRING",
  scores: "STRING",
  error: "STRING",
  errorMessage: "STRING",
  errorStack: "STRING",
  metadata: "STRING",
  attempts: "INT32",
  startedAt: "TIMESTAMP",
  durationMs: "DOUBLE",
  calls: "STRING",
  gone: "BOOLEAN",
};

/** The file, in pieces. */
export async function* parquetBytes(
  { report, storage }: Omit<ReportSource, "folder">,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const lines = [experimentLine(report.experiment)];
  for (const { stored } of report.evaluations) {
    lines.push(evaluationLine(stored, await storage.metrics(stored.id)));
  }
  const bytes = new Flushed();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnsOf([]) }),
    kvMetadata: [{ key: METADATA_KEY, value: lines.join("") }],
    createdBy: "dotevals",
  });
  let group: Cells[] = [];
  let characters = 0;
  for (const { stored } of report.evaluations) {
    for await (const record of storage.records(stored.id)) {
      const row = cells(record, stored);
      group.push(row);
      characters += record.row.length + (record.response?.length ?? 0);
      if (group.length < GROUP && characters < GROUP_CHARACTERS) continue;
      await writer.write({ columnData: columnsOf(group), rowGroupSize: group.length });
      yield bytes.take();
      [group, characters] = [[], 0];
    }
  }
  if (group.length > 0) {
    await writer.write({ columnData: columnsOf(group), rowGroupSize: group.length });
  }
  await writer.finish();
  yield bytes.take();
}

function cells(record: StoredRecord, stored: StoredEvaluation): Cells {
  const texts = Object.entries(cellsOf(record, stored)).map(([name, cell]) => [
    name,
    cell === "" ? undefined : cell,
  ]);
  return {
    ...Object.fromEntries(texts),
    position: record.position,
    repeat: record.repeat,
    row: cellOf(record.row),
    scores: scoresJson(record),
    attempts: record.attempts,
    startedAt: new Date(record.startedAt),
    durationMs: record.durationMs,
    calls: callsJson(record),
    gone: record.gone,
  };
}

function columnsOf(rows: readonly Cells[]): ColumnSource[] {
  return Object.entries(COLUMNS).map(([name, type]) => ({
    name,
    type,
    data: rows.map((row) => row[name] ?? undefined),
  }));
}

/** Bytes that are taken as they come; the offset counts all of them. */
class Flushed extends ByteWriter {
  /** What was written since it was last asked. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.getBytes().slice();
    this.index = 0;
    return taken;
  }
}
