/**
 * The reporter `json`: the document that docs/json.md describes.
 *
 * @module
 */
import { showJson } from "../json.ts";
import type { ReportSource } from "../reporter.ts";

/** The document, in pieces. */
export function reporter({ report, storage, records }: ReportSource): AsyncIterable<string> {
  return showJson(report, storage, { records });
}
