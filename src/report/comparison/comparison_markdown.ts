/**
 * A comparison in Markdown, for a pull request.
 *
 * @module
 */
import { markdownTable } from "../markdown_table.ts";
import { codeSpan } from "../markdown_text.ts";
import { valueText } from "../numbers.ts";
import type { ComparedPair, ComparedScore, Comparison } from "./comparison.ts";
import { aloneText, meaning, rowSentences, scoreSentences, sideText } from "./comparison_words.ts";
import { pText, rangeText, signedText, testText } from "./figure_text.ts";
import { flipGroups } from "./flip_lines.ts";

const FLIP_COLUMNS = [{ title: "row" }, { title: "is" }, { title: "A" }, { title: "B" }];

/** The text of `compare --markdown`. */
export function comparisonMarkdown({ pairs, alone, tests }: Comparison): string {
  const lines = [
    "# Comparison",
    ...pairs.flatMap((pair) => ["", ...pairLines(pair)]),
    ...alone.length === 0 ? [] : [
      "",
      `Without a counterpart: ${alone.map((each) => codeSpan(aloneText(each))).join(", ")}.`,
    ],
    "",
    meaning(tests),
  ];
  return `${lines.join("\n")}\n`;
}

function pairLines(pair: ComparedPair): readonly string[] {
  const { first, second, scores, notCompared } = pair;
  return [
    `## ${codeSpan(sideText(first))} and ${codeSpan(sideText(second))}`,
    "",
    `A is ${codeSpan(sideText(first))}, B is ${codeSpan(sideText(second))}.`,
    ...rowSentences(pair),
    ...scores.length === 0 ? [] : ["", ...scoreTable(scores)],
    ...scores.flatMap(scoreLines),
    ...notCompared.length === 0
      ? []
      : ["", `Not compared: ${notCompared.map(codeSpan).join(", ")}.`],
  ];
}

function scoreTable(scores: readonly ComparedScore[]): readonly string[] {
  const numbers = ["A", "B", "B − A", "95% interval", "p"];
  return markdownTable(
    [
      { title: "score" },
      { title: "B is" },
      ...numbers.map((title) => ({ title, isNumber: true })),
    ],
    scores.map((score) => [
      codeSpan(score.score),
      `**${score.verdict}**`,
      valueText(score.first),
      valueText(score.second),
      signedText(score.difference),
      rangeText(score.interval),
      pText(score.adjustedP).replace("<", "&lt;"),
    ]),
  );
}

function scoreLines(score: ComparedScore): readonly string[] {
  return [
    "",
    `### ${codeSpan(score.score)}`,
    "",
    ...scoreSentences(score),
    `Tested with ${testText(score)}.`,
    ...flipGroups(score).flatMap(({ title, flips }) => [
      "",
      `${title}:`,
      "",
      ...markdownTable(
        FLIP_COLUMNS,
        flips.map(({ title, row, first, second }) => [
          codeSpan(title),
          codeSpan(row),
          codeSpan(first),
          codeSpan(second),
        ]),
      ),
    ]),
  ];
}
