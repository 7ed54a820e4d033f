/**
 * One evaluation's progress as text: the pieces, and the lines they make.
 *
 * @module
 */
import { clockText, counted, countText, rateText, valueText } from "./numbers.ts";
import { plain } from "./plain_text.ts";
import { padded, truncated, widthOf } from "./text_width.ts";
import type { EvaluationProgress } from "./progress_state.ts";
import type { Style } from "./style.ts";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const BAR = { fewest: 8, most: 30 } as const;
const LABEL_FEWEST = 16;
const GAP = "  ";

/** What is shown of an evaluation, each piece on its own. */
interface ProgressPieces {
  readonly label: string;
  readonly counts: string;
  readonly rate: string;
  readonly errors: string;
  readonly left: string;
  readonly metric: string;
  /** The metric without its score's name, for narrow terminals. */
  readonly shortMetric: string;
}

/** The pieces at a time in milliseconds. */
function piecesOf(progress: EvaluationProgress, time: number): ProgressPieces {
  const { items, done, errors, metric, end } = progress;
  const rate = end === undefined ? progress.meter.perSecond(time) : progress.overall;
  const remaining = items === undefined || !rate ? undefined : (items - done) * 1000 / rate;
  const running = remaining === undefined ? "" : `${clockText(Math.max(0, remaining))} left`;
  return {
    label: progress.label,
    counts: items === undefined ? countText(done) : `${countText(done)}/${countText(items)}`,
    rate: rate === undefined ? "" : rateText(rate),
    errors: counted(errors, "error"),
    left: end === undefined ? running : end === "complete" ? "done" : end,
    metric: metric ? plain(`${metric.score}.${metric.metric} ${valueText(metric.value)}`) : "",
    shortMetric: metric ? plain(`${metric.metric} ${valueText(metric.value)}`) : "",
  };
}

/** The pieces as a sentence, for where there is no terminal. */
export function progressSentence(progress: EvaluationProgress, time: number): string {
  const { label, counts, rate, errors, left, metric } = piecesOf(progress, time);
  const parts = [`${counts} items`, rate, errors, left, metric].filter((part) => part !== "");
  return `${label}: ${parts.join(", ")}`;
}

/** How wide to draw, and when and how. */
export interface DrawOptions {
  readonly columns: number;
  /** Milliseconds; turns the spinner. */
  readonly time: number;
  readonly style: Style;
}

/**
 * The lines for some evaluations, aligned with each other: one line each where it fits, else
 * two. Counts, errors, and time left are never cut.
 */
export function progressLines(
  evaluations: readonly EvaluationProgress[],
  options: DrawOptions,
): readonly string[] {
  const rows = evaluations.map((progress) => ({
    progress,
    pieces: piecesOf(progress, options.time),
  }));
  const widest = (piece: keyof ProgressPieces) =>
    Math.max(0, ...rows.map(({ pieces }) => widthOf(pieces[piece])));
  const middle = ["counts", "rate", "errors", "left"] as const;
  const fixed = middle.map(widest).reduce((sum, width) => sum + width + (width && GAP.length), 0);
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
    return rows.map(({ progress, pieces }) =>
      [
        options.style.bold(padded(truncated(pieces.label, labelWidth), labelWidth)),
        barOf(progress, bar, options),
        ...middle.filter((piece) => widest(piece) > 0).map((piece) =>
          paint(piece, padded(pieces[piece], widest(piece), "right"), progress, options.style)
        ),
        pieces[metric],
      ].join(GAP).trimEnd()
    );
  }
  return rows.flatMap(({ progress, pieces }) => stacked(progress, pieces, options));
}

/** Variants differ at the end of their labels: cut off, nobody could tell them apart. */
function staysDistinct(labels: readonly string[], width: number): boolean {
  return new Set(labels.map((label) => truncated(label, width))).size === new Set(labels).size;
}

/** Two lines: the label with the metric, and under it the numbers. */
function stacked(
  progress: EvaluationProgress,
  pieces: ProgressPieces,
  options: DrawOptions,
): readonly string[] {
  const width = options.columns - 1;
  const metric = [pieces.metric, pieces.shortMetric].find((text) =>
    text !== "" &&
    widthOf(text) + GAP.length + Math.min(LABEL_FEWEST, widthOf(pieces.label)) <= width
  ) ?? "";
  const labelWidth = metric === "" ? width : width - widthOf(metric) - GAP.length;
  const label = truncated(pieces.label, labelWidth);
  const shown = [
    ["counts", "rate", "errors", "left"] as const,
    ["counts", "errors", "left"] as const,
    ["counts", "errors"] as const,
  ].map((names) => names.filter((name) => pieces[name] !== ""));
  const widthOfAll = (names: readonly (keyof ProgressPieces)[]) =>
    names.reduce((sum, name) => sum + GAP.length + widthOf(pieces[name]), 0);
  const names = shown.find((names) => widthOfAll(names) <= width) ?? ["counts", "errors"] as const;
  const free = width - widthOfAll(names) - GAP.length;
  return [
    options.style.bold(padded(label, metric === "" ? 0 : labelWidth)) +
    (metric === "" ? "" : GAP + metric),
    GAP + [
      ...free >= BAR.fewest ? [barOf(progress, Math.min(BAR.most, free), options)] : [],
      ...names.map((name) => paint(name, pieces[name], progress, options.style)),
    ].join(GAP),
  ];
}

function paint(
  piece: "counts" | "rate" | "errors" | "left",
  text: string,
  progress: EvaluationProgress,
  style: Style,
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
