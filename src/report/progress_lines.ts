/**
 * Evaluations' progress as lines of a given width.
 *
 * @module
 */
import { MIDDLE, type MiddlePiece, piecesOf, type ProgressPieces } from "./progress_pieces.ts";
import type { EvaluationProgress } from "./progress_state.ts";
import type { Style } from "./style.ts";
import { padded, truncated, widthOf } from "./text_width.ts";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const BAR = { fewest: 8, most: 30 } as const;
const LABEL_FEWEST = 16;
const GAP = "  ";

/** What there is always room for, where there are only two lines for an evaluation. */
const DROPPED_FIRST: readonly MiddlePiece[] = [
  "tokens",
  "cost",
  "retries",
  "flight",
  "rate",
];

/** How wide to draw, and when and how. */
export interface DrawOptions {
  readonly columns: number;
  /** Milliseconds; turns the spinner. */
  readonly time: number;
  readonly style: Style;
}

interface Row {
  readonly progress: EvaluationProgress;
  readonly pieces: ProgressPieces;
}

/** Lines of each evaluation: one where all of it fits, else as many as it needs. */
export function progressLines(
  evaluations: readonly EvaluationProgress[],
  options: DrawOptions,
): readonly (readonly string[])[] {
  const rows = rowsOf(evaluations, options);
  return alignedRows(rows, options) ??
    rows.map((row) => [headLine(row, options), ...flowed(row, options), ...waitLine(row, options)]);
}

/** Two lines at the most for each: what there is no room for is left out, counts and errors last. */
export function shortProgressLines(
  evaluations: readonly EvaluationProgress[],
  options: DrawOptions,
): readonly (readonly string[])[] {
  return rowsOf(evaluations, options).map((row) => [
    headLine(row, options),
    lineOf(row, { ...options, names: namesThatFit(row, options) }),
  ]);
}

function rowsOf(
  evaluations: readonly EvaluationProgress[],
  { time }: DrawOptions,
): readonly Row[] {
  return evaluations.map((progress) => ({ progress, pieces: piecesOf(progress, time) }));
}

/** A line for each, aligned with the others; `undefined` where that is too wide. */
function alignedRows(
  rows: readonly Row[],
  options: DrawOptions,
): readonly (readonly string[])[] | undefined {
  const widest = (piece: keyof ProgressPieces) =>
    Math.max(0, ...rows.map(({ pieces }) => widthOf(pieces[piece])));
  const widths = MIDDLE.map(widest);
  const fixed = widths.reduce((sum, width) => sum + width + (width && GAP.length), 0);
  const labels = rows.map(({ pieces }) => pieces.label);
  for (
    const [metric, leastLabel] of [
      ["metric", widest("label")],
      ["shortMetric", widest("label")],
      ["shortMetric", LABEL_FEWEST],
    ] as const
  ) {
    const metricWidth = widest(metric);
    const free = options.columns - 1 - fixed - GAP.length -
      (metricWidth && metricWidth + GAP.length);
    const labelWidth = Math.min(widest("label"), Math.max(leastLabel, free - BAR.fewest));
    const bar = Math.min(BAR.most, free - labelWidth);
    if (bar < BAR.fewest || !staysDistinct(labels, labelWidth)) continue;
    return rows.map((row) => [
      [
        options.style.bold(padded(truncated(row.pieces.label, labelWidth), labelWidth)),
        barOf(row.progress, bar, options),
        ...MIDDLE.flatMap((piece, at) => {
          const width = widths[at] ?? 0;
          const text = padded(row.pieces[piece], width, "right");
          return width === 0 ? [] : [paint(piece, text, { ...row, style: options.style })];
        }),
        row.pieces[metric],
      ].join(GAP).trimEnd(),
      ...waitLine(row, options),
    ]);
  }
  return undefined;
}

/** Variants differ at the end of their labels: cut off, nobody could tell them apart. */
function staysDistinct(labels: readonly string[], width: number): boolean {
  return new Set(labels.map((label) => truncated(label, width))).size === new Set(labels).size;
}

/** The label with the metric, as far as there is room for both. */
function headLine({ pieces }: Row, { columns, style }: DrawOptions): string {
  const width = columns - 1;
  const metric = [pieces.metric, pieces.shortMetric].find((text) =>
    text !== "" &&
    widthOf(text) + GAP.length + Math.min(LABEL_FEWEST, widthOf(pieces.label)) <= width
  ) ?? "";
  if (metric === "") return style.bold(truncated(pieces.label, width));
  const labelWidth = width - widthOf(metric) - GAP.length;
  return style.bold(padded(truncated(pieces.label, labelWidth), labelWidth)) + GAP + metric;
}

/** All pieces in the middle, on as many lines as they take, the bar at the head of the first. */
function flowed(row: Row, options: DrawOptions): readonly string[] {
  const { pieces } = row;
  const width = options.columns - 1 - GAP.length;
  const names = MIDDLE.filter((name) => pieces[name] !== "");
  const lines: MiddlePiece[][] = [[]];
  let used: number = BAR.fewest;
  for (const name of names) {
    const more = GAP.length + widthOf(pieces[name]);
    if (used + more > width && (lines.at(-1)?.length ?? 0) > 0) {
      lines.push([]);
      used = -GAP.length;
    }
    lines.at(-1)?.push(name);
    used += more;
  }
  const [first = [], ...others] = lines;
  const metric = headHasMetric(row, options) || pieces.metric === "" ? [] : [
    truncated(
      GAP + (widthOf(pieces.metric) <= width ? pieces.metric : pieces.shortMetric),
      options.columns - 1,
    ),
  ];
  return [
    lineOf(row, { ...options, names: first }),
    ...others.map((own) => lineOf(row, { ...options, names: own, hasBar: false })),
    ...metric,
  ];
}

function headHasMetric({ pieces }: Row, { columns }: DrawOptions): boolean {
  const label = Math.min(LABEL_FEWEST, widthOf(pieces.label));
  return widthOf(pieces.shortMetric) + GAP.length + label <= columns - 1;
}

interface LineOptions extends DrawOptions {
  readonly names: readonly MiddlePiece[];
  readonly hasBar?: boolean;
}

/** The bar, where there is room for one, and some pieces, on a line of their own. */
function lineOf(
  { progress, pieces }: Row,
  { names, hasBar = true, ...options }: LineOptions,
): string {
  const { columns, style } = options;
  const used = names.reduce((sum, name) => sum + GAP.length + widthOf(pieces[name]), 0);
  if (used > columns - 1) {
    return truncated(GAP + names.map((name) => pieces[name]).join(GAP), columns - 1);
  }
  const free = hasBar ? columns - 1 - GAP.length - used : 0;
  return GAP + [
    ...free >= BAR.fewest ? [barOf(progress, Math.min(BAR.most, free), options)] : [],
    ...names.map((name) => paint(name, pieces[name], { progress, style })),
  ].join(GAP);
}

/** The pieces that fit beside a bar; where the last do not, the bar is what is left out. */
function namesThatFit({ pieces }: Row, { columns }: DrawOptions): readonly MiddlePiece[] {
  let names: readonly MiddlePiece[] = MIDDLE.filter((name) => pieces[name] !== "");
  const width = () => names.reduce((sum, name) => sum + GAP.length + widthOf(pieces[name]), 0);
  for (const dropped of DROPPED_FIRST) {
    if (GAP.length + BAR.fewest + width() <= columns - 1) break;
    names = names.filter((name) => name !== dropped);
  }
  return width() <= columns - 1 ? names : names.filter((name) => name !== "left");
}

function waitLine({ pieces }: Row, { columns, style }: DrawOptions): readonly string[] {
  return pieces.waiting === "" ? [] : [style.yellow(truncated(GAP + pieces.waiting, columns - 1))];
}

function paint(
  piece: MiddlePiece,
  text: string,
  { progress, style }: { readonly progress: EvaluationProgress; readonly style: Style },
): string {
  if (piece === "errors") return progress.errors > 0 ? style.red(text) : style.dim(text);
  if (piece === "left") {
    if (progress.end === "complete") return style.green(text);
    if (progress.end !== undefined) return style.yellow(text);
  }
  return piece === "counts" ? text : style.dim(text);
}

/** A bar, or a spinner where the number of items is not known. */
function barOf(progress: EvaluationProgress, width: number, { style, time }: DrawOptions): string {
  const { items, done, end } = progress;
  if (items === undefined) {
    return style.cyan(padded(SPINNER[Math.floor(time / 100) % SPINNER.length] ?? "", width));
  }
  const share = items === 0 ? 1 : Math.min(1, done / items);
  const filled = Math.floor(share * width);
  const color = end === undefined ? style.cyan : end === "complete" ? style.green : style.yellow;
  return color("━".repeat(filled)) + style.dim("─".repeat(width - filled));
}
