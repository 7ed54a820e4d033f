/**
 * What a comparison means, in sentences.
 *
 * @module
 */
import type { Fingerprint } from "../../storage/stored_evaluation.ts";
import { counted, countText, valueText } from "../numbers.ts";
import { plain } from "../plain_text.ts";
import { evaluationLabel } from "../variant_text.ts";
import {
  type AloneSide,
  type ComparedPair,
  type ComparedScore,
  POWER,
  type Side,
} from "./comparison.ts";
import { pText, rangeText } from "./figure_text.ts";

/** More rows than anybody has. */
const TOO_MANY = 1e9;

/** What the columns mean. */
export function meaning(tests: number): string {
  return "Differences are B minus A, over rows that both scored, with their 95% intervals. " +
    "A verdict of better or worse: p is below 0.05" +
    (tests > 1 ? `, adjusted for ${countText(tests)} tests (Holm).` : ".");
}

/** An experiment and an evaluation of it. */
export function sideText({ experiment, stored, variant }: Side): string {
  return `${plain(experiment)}: ${evaluationLabel(stored.name, variant)}`;
}

/** An evaluation, and the experiment that has none like it. */
export function aloneText({ side, missingIn }: AloneSide): string {
  return `${sideText(side)} (none in ${plain(missingIn)})`;
}

/** Which rows were compared, and which were left out. */
export function rowSentences({ first, second, counts }: ComparedPair): readonly string[] {
  const { both, failed } = counts;
  const [onlyFirst, onlySecond] = [counts.first - both, counts.second - both];
  const out = [
    ...onlyFirst > 0 ? [`${countText(onlyFirst)} only in A`] : [],
    ...onlySecond > 0 ? [`${countText(onlySecond)} only in B`] : [],
    ...failed > 0
      ? [
        `${countText(failed)} with errors (${countText(counts.firstFailed)} in A, ${
          countText(counts.secondFailed)
        } in B)`,
      ]
      : [],
  ];
  const left = out.length === 0 ? "" : `; left out: ${out.join(", ")}`;
  return [
    `${counted(both, "row")} in both${left}.`,
    ...both > 0 ? [] : [
      "No row is in both: rows are known by their content. Other datasets, columns or keys have others.",
    ],
    ...[first, second].flatMap(({ stored }, index) =>
      stored.status === "complete" ? [] : [
        `${index === 0 ? "A" : "B"} is ${stored.status}: ${countText(stored.completed)} of ${
          countText(stored.items)
        } items are recorded.`,
      ]
    ),
    ...codeSentence(first.stored.fingerprint, second.stored.fingerprint),
  ];
}

/** What was imported from a form that says nothing of it has no known code. */
function codeSentence(first: Fingerprint, second: Fingerprint): readonly string[] {
  if (first.code === second.code) return [];
  return first.major === "" || second.major === ""
    ? ["The evaluation's code is not known of A or B, which was imported."]
    : ["The evaluation's code differs between A and B: scores may not mean the same."];
}

/** What a score's figures mean, and what to do next. */
export function scoreSentences(score: ComparedScore): readonly string[] {
  const { rows, unscored, hasRepeats, leastDifference } = score;
  return [
    verdictSentence(score),
    ...disagreement(score),
    ...changeSentence(score),
    ...hasRepeats ? ["A row's repeats count as one: their mean."] : [],
    ...unscored > 0
      ? [`${counted(unscored, "row")} left out: without this score, or a finite number, in A or B.`]
      : [],
    ...leastDifference === undefined ? tooFew(score) : [
      `${counted(rows, "row")} find a difference of ${valueText(leastDifference)} or more ` +
      "in 80% of cases.",
    ],
    ...moreSentence(score),
  ];
}

/** The verdict, by how much, and how sure. */
function verdictSentence(
  { verdict, difference, interval, p, adjustedP }: ComparedScore,
): string {
  const sure = interval ? `; B − A is likely ${rangeText(interval)}` : "";
  switch (verdict) {
    case "better":
    case "worse":
      return `B is ${verdict} by ${valueText(Math.abs(difference))}${sure}.`;
    case "unclear":
      return `No difference is shown: p is ${pText(adjustedP)}${
        pText(p) === pText(adjustedP) ? "" : ` (${pText(p)} by itself)`
      }${sure}.`;
    case "same":
      return `A and B are the same in all rows${sure}.`;
  }
}

/** Why a difference is shown where the interval holds 0, or is not where it leaves 0 out. */
function disagreement({ verdict, interval, p }: ComparedScore): readonly string[] {
  if (interval === undefined || verdict === "same") return [];
  const isShown = verdict !== "unclear";
  const holdsZero = interval.low <= 0 && interval.high >= 0;
  if (isShown !== holdsZero) return [];
  if (isShown) {
    return [
      "The interval holds 0 all the same: few rows, that changed much, widen it. The test decides.",
    ];
  }
  return [
    p < POWER.alpha
      ? "The interval leaves 0 out: it is not adjusted for several tests, as p is."
      : "The interval leaves 0 out, but the test is the more careful one, and decides.",
  ];
}

function changeSentence(score: ComparedScore): readonly string[] {
  const { verdict, isShare, hasRepeats, changes, rows } = score;
  if (verdict === "same") return [];
  const { gained, lost } = changes;
  const alike = countText(rows - gained - lost);
  return [
    isShare && !hasRepeats
      ? `${counted(gained, "row")} became true, ${countText(lost)} became false, ${alike} stayed.`
      : `${counted(gained, "row")} went up, ${countText(lost)} went down, ${alike} stayed.`,
  ];
}

function tooFew({ verdict, rows }: ComparedScore): readonly string[] {
  if (verdict !== "unclear") return [];
  const are = rows === 1 ? "1 row is" : `${countText(rows)} rows are`;
  return [`${are} too few to find any difference of this kind.`];
}

function moreSentence(
  { verdict, rows, rowsToDecide, difference }: ComparedScore,
): readonly string[] {
  if (verdict !== "unclear") return [];
  if (difference === 0) return ["More rows show nothing where the true difference is 0."];
  if (rowsToDecide === undefined) return [];
  const more = rowsToDecide - rows;
  if (rowsToDecide > TOO_MANY) {
    return ["No number of rows at hand would show so small a difference."];
  }
  return more <= 0 ? [] : [
    `Were ${valueText(Math.abs(difference))} the true difference, ${roughly(more)} more rows ` +
    "would show it in 80% of cases.",
  ];
}

/** A count to two digits: the figures behind it are no more exact. */
function roughly(count: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return `${unit > 1 ? "about " : ""}${countText(Math.ceil(count / unit) * unit)}`;
}
