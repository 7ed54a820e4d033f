/**
 * Columns of text as lines: side by side where they fit, else under each other.
 *
 * @module
 */
import { padded, truncated, widthOf } from "./text_width.ts";
import type { Style } from "./style.ts";

const GAP = "  ";

/** How a table is to look. */
export interface TableOptions {
  /** Columns that it may take; `undefined` for as many as it needs. */
  readonly columns: number | undefined;
  readonly color: boolean;
}

/** One value, plain, and how to paint it. */
export interface Cell {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/** A title and a value per row; empty where a row has none. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  readonly cells: readonly Cell[];
}

/** How to lay columns out. */
export interface ColumnLinesOptions {
  /** Characters that a line may take; `undefined` for as many as it needs. */
  readonly columns: number | undefined;
  readonly style: Style;
}

/** A heading and a line per row; or, where that is too wide, a few short lines for each row. */
export function columnLines(
  columns: readonly Column[],
  { columns: room, style }: ColumnLinesOptions,
): readonly string[] {
  return room !== undefined && widthOfColumns(columns) > room
    ? stacked(columns, { width: room, style })
    : aligned(columns, style);
}

/** How wide the columns are side by side. */
export function widthOfColumns(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + widthOfColumn(column) + GAP.length, -GAP.length);
}

function widthOfColumn({ title, cells }: Column): number {
  return cells.reduce((widest, cell) => Math.max(widest, widthOf(cell.text)), widthOf(title));
}

function aligned(columns: readonly Column[], style: Style): readonly string[] {
  const widths = columns.map(widthOfColumn);
  const rows = columns[0]?.cells.length ?? 0;
  const line = (cellOf: (column: Column) => Cell) =>
    columns.map((column, index) => {
      const { text, paint = same } = cellOf(column);
      const space = " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
      return column.align === "left" ? paint(text) + space : space + paint(text);
    }).join(GAP).trimEnd();
  return [
    line(({ title }) => ({ text: title, paint: style.dim })),
    ...Array.from({ length: rows }, (_, row) => line(({ cells }) => cells[row] ?? { text: "" })),
  ];
}

/** For each row its first value, and under it a line per other value. */
function stacked(
  columns: readonly Column[],
  { width, style }: { readonly width: number; readonly style: Style },
): readonly string[] {
  const [names, ...values] = columns;
  return (names?.cells ?? []).flatMap((name, row) => {
    const held = values.flatMap(({ title, cells }) => {
      const { text = "", paint = same } = cells[row] ?? {};
      return text === "" ? [] : [{ title, text, paint }];
    });
    const titleWidth = Math.max(0, ...held.map(({ title }) => widthOf(title)));
    return [
      style.bold(truncated(name.text, width)),
      ...held.flatMap(({ title, text, paint }) =>
        2 * GAP.length + titleWidth + widthOf(text) <= width
          ? [GAP + style.dim(padded(title, titleWidth)) + GAP + paint(text)]
          : [
            GAP + style.dim(truncated(title, width - GAP.length)),
            GAP + GAP + paint(truncated(text, width - 2 * GAP.length)),
          ]
      ),
    ];
  });
}

function same(text: string): string {
  return text;
}
