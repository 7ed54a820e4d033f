/**
 * `foreach`: an evaluation that takes one row at a time.
 *
 * @module
 */
import type { CheckedColumns, PickedColumns, Widened } from "./columns.ts";
import type {
  Fixtures,
  ItemContext,
  NoFixtures,
  NoParams,
  ParamsOf,
  ParamSpace,
} from "./context.ts";
import type { Dataset } from "./dataset.ts";
import { type AnyRow, joinOptions, makeEvaluation, type UnknownRows } from "./make_evaluation.ts";
import type { Evaluation } from "./evaluation.ts";
import type { EvaluationOptions } from "./options.ts";
import type { Outcome } from "./result.ts";

/** The function of an evaluation: scores one row. */
export type RowFunction<Row, Context> = (row: Row, context: Context) => Outcome | Promise<Outcome>;

/** `foreach`, or a preset of it: what makes evaluations that take one row at a time. */
export interface Foreach<Preset extends Fixtures = NoFixtures, PresetParams = NoParams> {
  /** Named columns of rows whose type is not known. */
  <Row, const Columns extends string>(
    columns: Columns,
    dataset: UnknownRows<Row>,
    fn: RowFunction<PickedColumns<Columns, Row>, ItemContext<Preset, PresetParams>>,
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
    options: EvaluationOptions<Used, Space>,
    fn: RowFunction<
      PickedColumns<Columns, Row>,
      ItemContext<Omit<Preset, keyof Used> & Used, PresetParams & ParamsOf<Space>>
    >,
  ): Evaluation;
  /** Whole rows. */
  <Row extends AnyRow>(
    dataset: Exclude<Dataset<Row>, string>,
    fn: RowFunction<Widened<Row>, ItemContext<Preset, PresetParams>>,
  ): Evaluation;
  /** Whole rows, with options. */
  <
    Row extends AnyRow,
    Used extends Fixtures = NoFixtures,
    const Space extends ParamSpace = NoParams,
  >(
    dataset: Exclude<Dataset<Row>, string>,
    options: EvaluationOptions<Used, Space>,
    fn: RowFunction<
      Widened<Row>,
      ItemContext<Omit<Preset, keyof Used> & Used, PresetParams & ParamsOf<Space>>
    >,
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
    options: EvaluationOptions<Used, Space>,
    fn: RowFunction<
      PickedColumns<Columns, Row>,
      ItemContext<Omit<Preset, keyof Used> & Used, PresetParams & ParamsOf<Space>>
    >,
  ): Evaluation;
  /** Named columns. Last, so that a missing column's name is what the compiler reports. */
  <Row extends AnyRow, const Columns extends string>(
    columns: Columns & CheckedColumns<Columns, Row>,
    dataset: Dataset<Row>,
    fn: RowFunction<PickedColumns<Columns, Row>, ItemContext<Preset, PresetParams>>,
  ): Evaluation;

  /**
   * A preset: a `foreach` with options of its own, which a call's options override.
   *
   * Fixtures, metadata and tags are joined with the call's.
   */
  with<Used extends Fixtures = NoFixtures, const Space extends ParamSpace = NoParams>(
    options: EvaluationOptions<Used, Space>,
  ): Foreach<Omit<Preset, keyof Used> & Used, PresetParams & ParamsOf<Space>>;
}

/**
 * Makes an evaluation: calls `fn` for each row of a dataset and records the scores it returns.
 *
 * Takes `(columns, dataset, fn)`, `(columns, dataset, options, fn)`, or the same without
 * columns for whole rows. `columns` names values of a row (`"question,answer"`): by position
 * where rows are arrays, by name where they are objects.
 *
 * @throws {TypeError} if a column's name is empty or stands twice, or an option is out of range
 *
 * @example
 * ```ts
 * import { exactMatch, foreach, run } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const dataset = [["1 + 1", "2"], ["2 + 2", "4"]];
 * const echo = foreach("question,answer", dataset, { model: "echo:" }, async (row, { model }) => {
 *   const response = await model.generate(row.question);
 *   return exactMatch(response.text, row.answer);
 * });
 *
 * await using results = await run(echo, { storage: "memory:" });
 * assertEquals(results.summary().total, 2);
 * ```
 */
export const foreach: Foreach = presetOf({}) as Foreach;

function presetOf(preset: EvaluationOptions): unknown {
  const make = (...args: unknown[]) => makeEvaluation("foreach", args, preset);
  return Object.assign(make, {
    with: (options: EvaluationOptions) => presetOf(joinOptions(preset, options)),
  });
}
