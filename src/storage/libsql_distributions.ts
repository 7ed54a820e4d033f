/**
 * Reads how scores are spread: counted by SQL, or as it was kept of a large evaluation.
 *
 * @module
 */
import { decode, encode } from "../values/tagged.ts";
import type { Database } from "./database.ts";
import { type KindSums, type NameSums, readSums, SCORES } from "./libsql_aggregates.ts";
import {
  type Bins,
  binsFor,
  isWholeRange,
  LABEL_CHARACTERS,
  MOST_LABELS,
  MOST_LOWEST,
  type NumberSpread,
  ROUNDING,
  type ScoreDistribution,
} from "./score_distribution.ts";
import { numberAt, rowsOf, type SqlRow, type SqlValue, type Statement, textAt } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { ItemKey } from "./stored_record.ts";
import { toStoredText } from "./stored_text.ts";

/** So many results are counted in no time: what they come to is not worth a write. */
const FEW_RESULTS = 10_000;

const BINS =
  `SELECT min(?5 - 1, CAST((s.number - ?3) / ?4 + ${ROUNDING} AS INTEGER)) AS bin, count(*)
  ${SCORES} AND s.name = ?2 AND s.kind = 'number' AND s.number IS NOT NULL GROUP BY bin`;

const LABELS = `SELECT s.value, count(*) AS count ${SCORES} AND s.name = ?2 AND s.kind = 'string'
  GROUP BY s.value ORDER BY count DESC, s.value LIMIT ${MOST_LABELS}`;

const LOWEST = `SELECT lower(hex(j.key)), l.repeat, l.position, l.number FROM (
    SELECT i.id, i.repeat, i.position, s.number ${SCORES} AND s.name = ?2
      AND s.kind IN ('boolean', 'number') AND s.number IS NOT NULL
    ORDER BY s.number, i.position, i.repeat LIMIT ${MOST_LOWEST}
  ) l CROSS JOIN items j ON j.id = l.id`;

const KEPT = `SELECT d.scores FROM distributions d JOIN evaluations e ON e.id = d.evaluation_id
  WHERE d.evaluation_id = ?1 AND d.revision = e.revision`;

/** Of more scores than these, whoever asks gets no more than their sums, which one pass gives. */
const MOST_AT_ONCE = 300_000;

/**
 * How the scores of an evaluation are spread, by name.
 *
 * Of a large one of which nothing is kept yet, because its session was killed or is at work, only what
 * one pass gives: no bins, no labels, no lowest items.
 */
export async function readDistributions(
  database: Database,
  evaluation: EvaluationId,
  { mostAtOnce = MOST_AT_ONCE }: { readonly mostAtOnce?: number } = {},
): Promise<ReadonlyMap<string, ScoreDistribution>> {
  const [kept] = await database.rows({ sql: KEPT, args: [evaluation] });
  if (kept) {
    const entries = decode(textAt(kept, 0)) as readonly [string, ScoreDistribution][];
    return new Map(entries.map(([name, own]) => [name, { ...NO_NUMBERS, ...own }]));
  }
  return await countDistributions(database, evaluation, mostAtOnce);
}

/** Statements that keep how the scores of a large evaluation are spread, as of its revision. */
export async function keepDistributions(
  database: Database,
  { id, completed, revision }: {
    readonly id: EvaluationId;
    readonly completed: number;
    readonly revision: number;
  },
): Promise<readonly Statement[]> {
  if (completed <= FEW_RESULTS) return [];
  const counted = await countDistributions(database, id, Infinity);
  return [{
    sql: `INSERT INTO distributions (evaluation_id, revision, scores) VALUES (?1, ?2, ?3)
      ON CONFLICT (evaluation_id) DO UPDATE SET revision = ?2, scores = ?3`,
    args: [id, revision, encode([...counted])],
  }];
}

/** What is left out of the kept form where there are none. */
const NO_NUMBERS = { numbers: undefined };

async function countDistributions(
  database: Database,
  evaluation: EvaluationId,
  mostAtOnce: number,
): Promise<ReadonlyMap<string, ScoreDistribution>> {
  const distributions = new Map<string, ScoreDistribution>();
  const byName = await readSums(database, evaluation);
  const scores = [...byName.values()].reduce((sum, { aggregate }) => sum + aggregate.count, 0);
  for (const [name, sums] of byName) {
    const args = [evaluation, toStoredText(name)];
    const closer = scores > mostAtOnce ? NOTHING_CLOSER : await lookCloser(database, sums, args);
    distributions.set(name, distribution(sums, closer));
  }
  return distributions;
}

/** What further passes over the scores of a name give. */
interface Closer extends Pick<ScoreDistribution, "labels" | "lowest"> {
  readonly bins: readonly number[];
}

const NOTHING_CLOSER: Closer = { bins: [], labels: [], lowest: [] };

function distribution({ aggregate, kinds }: NameSums, closer: Closer): ScoreDistribution {
  const numbers = kinds.get("number");
  const spread = numbers && numbers.numeric > 0 ? boundsOf(numbers) : undefined;
  const { bins, labels, lowest } = closer;
  return {
    sums: aggregate,
    trues: kinds.get("boolean")?.sum ?? 0,
    numbers: spread && { ...spread.bounds, bins },
    notFinite: numbers ? numbers.count - numbers.numeric : 0,
    labels,
    texts: kinds.get("string")?.count ?? 0,
    records: kinds.get("record")?.count ?? 0,
    lowest,
  };
}

async function lookCloser(
  database: Database,
  { kinds }: NameSums,
  args: readonly SqlValue[],
): Promise<Closer> {
  const [numbers, texts] = [kinds.get("number"), kinds.get("string")];
  const spread = numbers && numbers.numeric > 0 ? boundsOf(numbers) : undefined;
  const { lowest: least, highest } = boundsOfAll(kinds);
  const hasLowest = least < highest;
  const results = await database.read(
    ...spread ? [{ sql: BINS, args: [...args, spread.from, spread.step, spread.count] }] : [],
    ...texts ? [{ sql: LABELS, args }] : [],
    ...hasLowest ? [{ sql: LOWEST, args }] : [],
  );
  let next = 0;
  const bins = spread ? rowsOf(results, next++) : [];
  const labels = texts ? rowsOf(results, next++) : [];
  const lowest = hasLowest ? rowsOf(results, next) : [];
  return {
    bins: spread ? countsOf(bins, spread.count) : [],
    labels: labels.map((row) => ({
      label: String(decode(textAt(row, 0))).slice(0, LABEL_CHARACTERS),
      count: numberAt(row, 1),
    })),
    lowest: lowest.map((row) => ({
      key: textAt(row, 0) as ItemKey,
      repeat: numberAt(row, 1),
      position: numberAt(row, 2),
      value: numberAt(row, 3),
    })).filter(({ value }) => value < highest),
  };
}

interface Bounds extends Bins {
  readonly bounds: Omit<NumberSpread, "bins">;
}

function boundsOf({ min, max, whole, numeric: count }: KindSums): Bounds {
  const isWhole = isWholeRange({ min, max, whole, count });
  const bins = binsFor({ min, max, isWhole });
  const { from, step } = bins;
  return { ...bins, bounds: { count, min, max, isWhole, from, step } };
}

function countsOf(rows: readonly SqlRow[], count: number): readonly number[] {
  const counts = new Map(rows.map((row) => [numberAt(row, 0), numberAt(row, 1)]));
  return Array.from({ length: count }, (_, bin) => counts.get(bin) ?? 0);
}

/** The lowest and the highest of booleans and numbers. */
function boundsOfAll(kinds: NameSums["kinds"]): { lowest: number; highest: number } {
  const numeric = [kinds.get("boolean"), kinds.get("number")].filter((sums) =>
    sums !== undefined && sums.numeric > 0
  );
  return {
    lowest: Math.min(...numeric.map((sums) => sums?.min ?? Infinity)),
    highest: Math.max(...numeric.map((sums) => sums?.max ?? -Infinity)),
  };
}
