/**
 * Tables in Markdown.
 *
 * @module
 */

/** A column's title, and whether its cells are numbers. */
export interface MarkdownColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** The lines of a table; titles and cells are Markdown already. */
export function markdownTable(
  columns: readonly MarkdownColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ isNumber }) => isNumber === true ? "---:" : "---")),
    ...rows.map(line),
  ];
}
