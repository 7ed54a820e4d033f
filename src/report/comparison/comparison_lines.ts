/**
 * A comparison on a terminal.
 *
 * @module
 */
import { type Column, columnLines, type TableOptions } from "../column_lines.ts";
import { valueText } from "../numbers.ts";
import { plain } from "../plain_text.ts";
import { type Style, styleOf } from "../style.ts";
import { truncated, widthOf } from "../text_width.ts";
import type { ComparedPair, ComparedScore, Comparison } from "./comparison.ts";
import { aloneText, meaning, rowSentences, scoreSentences, sideText } from "./comparison_words.ts";
import { pText, rangeText, signedText } from "./figure_text.ts";
import { flipGroups } from "./flip_lines.ts";

const WIDTH = 100;

interface LineOptions extends TableOptions {
  readonly style: Style;
}

/** The lines: a block for each pair of evaluations, what has no counterpart, and what the columns mean. */
export function comparisonLines(comparison: Comparison, options: TableOptions): readonly string[] {
  const { pairs, alone, tests } = comparison;
  const style = styleOf(options.color);
  const lines = { ...options, style };
  return [
    ...pairs.flatMap((pair, index) => [...index > 0 ? [""] : [], ...pairLines(pair, lines)]),
    ...alone.length === 0 ? [] : [
      "",
      ...wrapped(`Without a counterpart: ${alone.map(aloneText).join("; ")}.`, lines),
    ],
    ...pairs.every(({ scores }) => scores.length === 0) ? [] : [
      "",
      ...wrapped(meaning(tests), lines).map(style.dim),
    ],
  ];
}

function pairLines(pair: ComparedPair, options: LineOptions): readonly string[] {
  const { style } = options;
  const { first, second, scores, notCompared } = pair;
  const width = options.columns ?? Infinity;
  return [
    `${style.bold("A")}  ${truncated(sideText(first), width - 3)}`,
    `${style.bold("B")}  ${truncated(sideText(second), width - 3)}`,
    ...rowSentences(pair).flatMap((sentence) => wrapped(sentence, options)),
    ...scores.length === 0 ? [] : ["", ...columnLines(scoreColumns(scores, options), options)],
    ...scores.flatMap((score) => [
      "",
      style.bold(plain(score.score)),
      ...scoreSentences(score).flatMap((text) => wrapped(text, options, "  ")),
      ...flipLines(score, options),
    ]),
    ...notCompared.length === 0 ? [] : [
      "",
      ...wrapped(
        `Not compared: ${
          notCompared.map(plain).join(", ")
        } (no row has a number or boolean in both).`,
        options,
      ),
    ],
  ];
}

function scoreColumns(scores: readonly ComparedScore[], options: LineOptions): readonly Column[] {
  const { style } = options;
  const right = (title: string, textOf: (score: ComparedScore) => string): Column => ({
    title,
    align: "right",
    cells: scores.map((score) => ({ text: textOf(score) })),
  });
  return [
    {
      title: "score",
      align: "left",
      cells: scores.map(({ score }) => ({ text: plain(score), paint: style.bold })),
    },
    {
      title: "B is",
      align: "left",
      cells: scores.map((score) => ({ text: score.verdict, paint: paintOf(score, style) })),
    },
    right("A", ({ first }) => valueText(first)),
    right("B", ({ second }) => valueText(second)),
    right("B − A", ({ difference }) => signedText(difference)),
    right("95% interval", ({ interval }) => rangeText(interval)),
    right("p", ({ adjustedP }) => pText(adjustedP)),
  ];
}

function paintOf({ verdict }: ComparedScore, style: Style): (text: string) => string {
  return verdict === "better" ? style.green : verdict === "worse" ? style.red : style.yellow;
}

function flipLines(score: ComparedScore, options: LineOptions): readonly string[] {
  const { style, columns = WIDTH } = options;
  const line = (indent: number, label: string, text: string) =>
    `${" ".repeat(indent)}${style.dim(label)}${truncated(text, columns - indent - widthOf(label))}`;
  return flipGroups(score).flatMap(({ title, flips }) => [
    line(2, "", `${title}:`),
    ...flips.flatMap(({ title, row, first, second }) => [
      line(4, "", title),
      ...row === "" ? [] : [line(6, "", row)],
      line(6, "A: ", first),
      line(6, "B: ", second),
    ]),
  ]);
}

/** A text in lines that are not too long. */
function wrapped(text: string, { columns = WIDTH }: LineOptions, indent = ""): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= columns) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(truncated(`${indent}${word}`, columns));
  }
  return lines;
}
