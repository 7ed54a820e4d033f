/**
 * The forms that experiments are exported in, and imported from.
 *
 * @module
 */

/** The names of the formats. */
export const FORMATS = ["jsonl", "csv", "parquet", "json"] as const;

/** The name of a format. */
export type Format = typeof FORMATS[number];

/** The format that a file's name says; compressed ones included. */
export function formatOf(path: string): Format | undefined {
  const extension = path.toLowerCase().replace(/\.gz$/, "").split(".").at(-1);
  return extension === "ndjson" ? "jsonl" : FORMATS.find((format) => format === extension);
}
