/**
 * Errors by kind, as people read them.
 *
 * @module
 */
import type { ErrorGroup, GroupedErrors } from "./error_groups.ts";
import { shortKey } from "./item_key.ts";
import { placeOf } from "./item_place.ts";
import { counted, countText } from "./numbers.ts";
import { plain, plainLines } from "./plain_text.ts";
import { truncated, widthOf } from "./text_width.ts";
import type { Style } from "./style.ts";

const EXAMPLE_WIDTH = 200;

/** A key is left out where it leaves less than this of a message. */
const LEAST_TEXT = 10;

/** How lines are to look. */
export interface ErrorLinesOptions {
  readonly style: Style;
  /** Columns that a line may take; `undefined` for as many as it needs. */
  readonly columns: number | undefined;
  /** Items of the evaluation: keys are as long as to tell these apart. */
  readonly items: number;
}

/** Each kind of error with its number and some of the items that it happened to. */
export function errorLines(errors: GroupedErrors, options: ErrorLinesOptions): readonly string[] {
  const { style, columns = EXAMPLE_WIDTH, items } = options;
  const lines = errors.groups.flatMap(({ name, message, count, examples }) => [
    `  ${style.red(`${countText(count)} ×`)} ${firstIndented(`${name}: ${message}`)}`,
    ...examples.map((record) =>
      style.dim(
        truncated(
          `    ${shortKey(record.key, items)} ${placeOf(record)}: ${plain(record.row)}`,
          columns,
        ),
      )
    ),
  ]);
  return errors.others === 0
    ? lines
    : [...lines, `  ${counted(errors.others, "error")} more, each with a message of its own`];
}

/** Options of {@linkcode errorSummary}. */
export interface ErrorSummaryOptions extends ErrorLinesOptions {
  /** Kinds that are shown, at most. */
  readonly most: number;
}

/** The first line of the most frequent kinds of errors, with a key of each. */
export function errorSummary(
  errors: GroupedErrors,
  { style, columns = EXAMPLE_WIDTH, items, most }: ErrorSummaryOptions,
): readonly string[] {
  const { groups, others, isPart } = errors;
  const left = groups.slice(most);
  const more = left.reduce((sum, { count }) => sum + count, others);
  return [
    ...groups.slice(0, most).map((group) => {
      const number = `  ${countText(group.count)}${isPart ? "+" : ""} ×`;
      const room = columns - widthOf(number);
      return room < 1
        ? truncated(number, columns)
        : style.red(number) + summaryOf(group, { items, room });
    }),
    ...more > 0
      ? [
        style.dim(
          truncated(
            `  ${counted(more, "error")} of ${counted(left.length, "other kind")}`,
            columns,
          ),
        ),
      ]
      : [],
  ];
}

/** The first line of a kind, and the key of one of its items, for which there is always room. */
function summaryOf(
  { name, message, examples: [example] }: ErrorGroup,
  { items, room }: { readonly items: number; readonly room: number },
): string {
  const [first = ""] = plainLines(message);
  const key = example ? ` (${shortKey(example.key, items)})` : "";
  const left = room - widthOf(key);
  const text = ` ${plain(name)}: ${first}`;
  return left < LEAST_TEXT ? truncated(text, room) : truncated(text, left) + key;
}

function firstIndented(text: string): string {
  return plainLines(text).join("\n      ");
}
