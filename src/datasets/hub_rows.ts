/**
 * A split by the hub's rows endpoint.
 *
 * @module
 */
import { badRow } from "../evaluation/bad_row.ts";
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { type HubSplit, notOnHub, optionsFor } from "./hub.ts";
import { note } from "./request.ts";
import { openSource } from "./source.ts";

const ROWS = "https://datasets-server.huggingface.co";

/** As many as the endpoint gives at a time. */
const PAGE = 100;

/** What the endpoint answers, as far as it is read. */
interface RowsAnswer {
  readonly rows: readonly {
    readonly row_idx: number;
    readonly row: unknown;
    readonly truncated_cells: readonly string[];
  }[];
  readonly num_rows_total: number;
  /** Whether the hub knows only the first part of a large split. */
  readonly partial?: boolean;
}

/** The rows of a split, 100 at a time. */
export async function* hubRows<Row>(
  part: HubSplit,
  signal: AbortSignal,
): AsyncGenerator<Row, void> {
  for (let offset = 0; !signal.aborted;) {
    const { rows, num_rows_total, partial } = await pageAt(offset, part, signal);
    if (partial && offset === 0) {
      note(
        `The rows endpoint has only the first ${num_rows_total} rows of ${part.repository}.`,
        part,
      );
    }
    for (const { row, row_idx, truncated_cells } of rows) {
      yield (truncated_cells.length === 0 ? row : cutOff(row, row_idx, part)) as Row;
    }
    offset += rows.length;
    if (rows.length === 0 || offset >= num_rows_total) return;
  }
}

async function pageAt(
  offset: number,
  part: HubSplit,
  signal: AbortSignal,
): Promise<RowsAnswer> {
  const { repository: dataset, config, split } = part;
  const base = (part.rowsUrl ?? ROWS).replace(/\/$/, "");
  const query = { dataset, config, split, offset: String(offset), length: String(PAGE) };
  const url = `${base}/rows?${new URLSearchParams(query)}`;
  try {
    const bytes = await openSource(url, { ...optionsFor(url, base, part), signal });
    return await new Response(bytes).json();
  } catch (error) {
    if (error instanceof DatasetError) {
      throw error.code === "dataset-missing" ? notOnHub(part, error) : error;
    }
    throw new DatasetError(`The rows endpoint of ${dataset} broke off: ${messageOf(error)}.`, {
      code: "dataset-unreadable",
      path: dataset,
      cause: error,
    });
  }
}

function cutOff(row: unknown, index: number, { repository }: HubSplit): unknown {
  const message = `${repository}, row ${index + 1}: the rows endpoint cut off a long cell.`;
  const error = new DatasetError(message, {
    code: "dataset-line",
    path: repository,
    hint: 'Leave via: "rows" out; the Parquet files hold it whole.',
  });
  return badRow(error, JSON.stringify(row));
}
