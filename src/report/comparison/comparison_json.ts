/**
 * What `compare --json` prints: the contract of docs/json.md.
 *
 * @module
 */
import type { StoredRecord } from "../../storage/stored_record.ts";
import { toTagged } from "../../values/tagged.ts";
import { safeJson } from "../json_text.ts";
import {
  type ComparedPair,
  type ComparedScore,
  type Comparison,
  type Flip,
  LEVEL,
  type Side,
} from "./comparison.ts";

const VERSION = 1;

/** The text of `compare --json`. */
export function comparisonJson({ pairs, alone, tests }: Comparison): string {
  const document = {
    version: VERSION,
    level: LEVEL,
    tests,
    comparisons: pairs.map(pairJson),
    alone: alone.map(({ side, missingIn }) => ({ ...sideJson(side), missingIn })),
  };
  return `${safeJson(JSON.stringify(document, null, 2))}\n`;
}

function pairJson({ first, second, counts, scores, notCompared }: ComparedPair) {
  return {
    a: sideJson(first),
    b: sideJson(second),
    rows: {
      a: counts.first,
      b: counts.second,
      both: counts.both,
      aFailed: counts.firstFailed,
      bFailed: counts.secondFailed,
      failed: counts.failed,
    },
    scores: scores.map(scoreJson),
    notCompared,
  };
}

function sideJson({ experiment, stored, variant }: Side) {
  const { name, status, items, completed, errors } = stored;
  return {
    experiment,
    evaluation: name,
    variant: toTagged(variant),
    status,
    items,
    completed,
    errors,
  };
}

function scoreJson(score: ComparedScore) {
  const { interval, changes, leastDifference, rowsToDecide, up, down } = score;
  return {
    score: score.score,
    verdict: score.verdict,
    rows: score.rows,
    unscored: score.unscored,
    repeats: score.hasRepeats,
    a: finite(score.first),
    b: finite(score.second),
    difference: finite(score.difference),
    interval: interval ? { low: finite(interval.low), high: finite(interval.high) } : null,
    test: score.test,
    p: score.p,
    adjustedP: score.adjustedP,
    lowerIsBetter: score.lowerIsBetter,
    up: changes.gained,
    down: changes.lost,
    leastDifference: finite(leastDifference),
    rowsToDecide: finite(rowsToDecide),
    flips: { up: up.map(flipJson), down: down.map(flipJson) },
  };
}

function flipJson({ key, difference, first, second }: Flip) {
  return {
    key,
    difference: finite(difference),
    position: first[0]?.position ?? null,
    row: first[0] === undefined ? null : JSON.parse(first[0].row),
    a: first.map(outputJson),
    b: second.map(outputJson),
  };
}

function outputJson({ repeat, response, scores, error }: StoredRecord) {
  return {
    repeat,
    response: response === undefined ? null : JSON.parse(response),
    scores: Object.fromEntries(scores.map(({ name, value }) => [name, toTagged(value)])),
    error: error ? { name: error.name, message: error.message } : null,
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
