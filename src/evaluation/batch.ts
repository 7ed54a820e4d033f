/**
 * `batch`: an evaluation that takes several rows at a time.
 *
 * @module
 */
import type { CheckedColumns, PickedColumns, Widened } from "./columns.ts";
import type {
  BatchContext,
  Fixtures,
  NoFixtures,
  NoParams,
  ParamsOf,
  ParamSpace,
} from "./context.ts";
import type { Dataset } from "./dataset.ts";
import type { Evaluation } from "./evaluation.ts";
import { type AnyRow, makeEvaluation, type UnknownRows } from "./make_evaluation.ts";
import type { BatchOptions } from "./options.ts";
import type { Outcome, Result } from "./result.ts";
import type { Score } from "./score.ts";

/** What a batch's function returns: an outcome per row, in order, or one for all rows. */
export type BatchOutcome = readonly Outcome[] | Score | Result;

/** The function of a batch evaluation. */
export type BatchFunction<Rows, Context> = (
  rows: Rows,
  context: Context,
) => BatchOutcome | Promise<BatchOutcome>;

/** Columns as arrays, entry by entry one row. */
export type ColumnArrays<Columns extends string, Row> = {
  readonly [Name in keyof PickedColumns<Columns, Row>]: readonly PickedColumns<
    Columns,
    Row
  >[Name][];
};

/** What makes evaluations that take several rows at a time. */
export interface Batch {
  /** Named columns of rows whose type is not known. */
  <Row, const Columns extends string>(
    columns: Columns,
    dataset: UnknownRows<Row>,
    fn: BatchFunction<ColumnArrays<Columns, Row>, BatchContext>,
  ): Evaluation;
  /** Named columns of rows whose type is not known, with options. */
  <
    Row,
    const Columns extends string,
    Used extends Fixtures = NoFixtures,
    const Space extends ParamSpace = NoParams,
  >(
    columns: Columns,
    dataset: UnknownRows<Row>,
    options: BatchOptions<Used, Space>,
    fn: BatchFunction<ColumnArrays<Columns, Row>, BatchContext<Used, ParamsOf<Space>>>,
  ): Evaluation;
  /** Whole rows. */
  <Row extends AnyRow>(
    dataset: Exclude<Dataset<Row>, string>,
    fn: BatchFunction<readonly Widened<Row>[], BatchContext>,
  ): Evaluation;
  /** Whole rows, with options. */
  <
    Row extends AnyRow,
    Used extends Fixtures = NoFixtures,
    const Space extends ParamSpace = NoParams,
  >(
    dataset: Exclude<Dataset<Row>, string>,
    options: BatchOptions<Used, Space>,
    fn: BatchFunction<readonly Widened<Row>[], BatchContext<Used, ParamsOf<Space>>>,
  ): Evaluation;
  /** Named columns, with options. */
  <
    Row extends AnyRow,
    const Columns extends string,
    Used extends Fixtures = NoFixtures,
    const Space extends ParamSpace = NoParams,
  >(
    columns: Columns & CheckedColumns<Columns, Row>,
    dataset: Dataset<Row>,
    options: BatchOptions<Used, Space>,
    fn: BatchFunction<ColumnArrays<Columns, Row>, BatchContext<Used, ParamsOf<Space>>>,
  ): Evaluation;
  /** Named columns. Last, so that a missing column's name is what the compiler reports. */
  <Row extends AnyRow, const Columns extends string>(
    columns: Columns & CheckedColumns<Columns, Row>,
    dataset: Dataset<Row>,
    fn: BatchFunction<ColumnArrays<Columns, Row>, BatchContext>,
  ): Evaluation;
}

/**
 * Makes an evaluation whose function takes several rows at a time, columns as arrays.
 *
 * `batchSize` rows go into a call, all that are left to do without it. The function returns
 * an outcome per row, in order, or one for all. An item stays one row: each is recorded and
 * resumed on its own, and batches form from what is left to do.
 *
 * @throws {TypeError} if a column's name is empty or stands twice, or an option is out of range
 *
 * @example
 * ```ts
 * import { batch, exactMatch, run } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const upper = batch("text,expected", [["a", "A"], ["b", "B"]], ({ text, expected }) =>
 *   text.map((entry, index) => exactMatch(entry.toUpperCase(), expected[index])));
 *
 * await using results = await run(upper, { storage: "memory:" });
 * assertEquals(results.summary().errors, 0);
 * ```
 */
export const batch: Batch = ((...args: unknown[]) => makeEvaluation("batch", args, {})) as Batch;
