/**
 * The database that an experiment is copied to.
 *
 * @module
 */
import { copyDiffers } from "./copy_errors.ts";
import { type ExperimentHeader, ITEM_PARTS, readHeader } from "./copy_header.ts";
import type { ItemPage, ItemsOf } from "./copy_items.ts";
import {
  type CopyTargetParts,
  findStrangers,
  prepareCopy,
  type PreparedCopy,
} from "./copy_preparation.ts";
import type { Database } from "./database.ts";
import { deleteFailed, ofStoredItems } from "./libsql_commit.ts";
import { deleteEvaluations } from "./libsql_delete.ts";
import { IDS_PER_SESSION } from "./schema.ts";
import { numberAt, type SqlValue, type Statement } from "./sql.ts";
import { insertAsIs, type Row, updateAsIs, withoutId } from "./table_columns.ts";

/** Writes an experiment's rows, under the numbers that they have here. */
export class CopyTarget {
  readonly #parts: CopyTargetParts;
  readonly #prepared: PreparedCopy;
  readonly #evaluationPlaces: ReadonlyMap<SqlValue | undefined, number>;

  private constructor(parts: CopyTargetParts, prepared: PreparedCopy) {
    this.#parts = parts;
    this.#prepared = prepared;
    this.#evaluationPlaces = new Map(parts.header.evaluations.map(({ id }, at) => [id, at]));
  }

  /**
   * Makes what items need.
   *
   * @throws {DotevalsError} `copy-differs` where there are results that the source does not have
   */
  static async prepare(parts: CopyTargetParts): Promise<CopyTarget> {
    const { database, tables, header, experiment } = parts;
    const here = await readHeader(database, experiment, tables);
    const strangers = await findStrangers(database, { here, source: header });
    if (strangers !== undefined) {
      throw copyDiffers(experiment, database.location, { detail: strangers });
    }
    return new CopyTarget(parts, await prepareCopy(parts, here));
  }

  /** The evaluations' numbers here, in the order of the header. */
  get evaluations(): readonly number[] {
    return this.#prepared.evaluations;
  }

  /** What to read to get all that is here. */
  get items(): ItemsOf {
    const { sessions, evaluations } = this.#prepared;
    return { tables: this.#parts.tables, sessions, evaluations };
  }

  /** How many results the evaluations have here. */
  async count(): Promise<number> {
    return await countItems(this.#parts.database, this.#prepared.evaluations);
  }

  /** The experiment as it is here, without what is not of the copy. */
  async readHeader(): Promise<ExperimentHeader> {
    const { database, tables, experiment } = this.#parts;
    const here = await readHeader(database, experiment, tables);
    const byId = new Map(here.sessions.map((row) => [Number(row.id), row]));
    const sessions = this.#prepared.sessions.map((id) => byId.get(id) ?? {});
    return { ...here, sessions };
  }

  /** Changes the experiment as long as it is held. */
  async change(...statements: readonly Statement[]): Promise<void> {
    await this.#parts.session.write(...statements);
  }

  /** Writes those of a page's items that are not here; says how many. */
  async write(page: ItemPage): Promise<number> {
    const { tables } = this.#parts;
    const { sessions, evaluations, present, mayReplace } = this.#prepared;
    const last = present[page.session] ?? -1;
    const items = page.items.filter(({ count }) => count > last);
    if (items.length === 0) return 0;
    const first = (sessions[page.session] ?? 0) * IDS_PER_SESSION;
    const rows = items.map(({ count, row }): Row => ({
      ...row,
      id: first + count,
      evaluation_id: this.#evaluationOf(row.evaluation_id),
    }));
    const parts = ITEM_PARTS.flatMap((name, at) => {
      const ofItems = items.flatMap((item) =>
        (item.parts[at] ?? []).map((part) => ({ ...part, item_id: first + item.count }))
      );
      return insertAsIs(tables[name], ofItems, { rest: ofStoredItems });
    });
    await this.change(
      ...mayReplace ? deleteFailed(rows.map(identityOf)) : [],
      ...insertAsIs(tables.items, rows),
      ...parts,
      markIncomplete(evaluations),
    );
    return items.length;
  }

  /** Makes all else as it is in the source. */
  async finish(): Promise<void> {
    const { header, tables } = this.#parts;
    const evaluations = JSON.stringify(this.#prepared.evaluations);
    const { experiment: here, older } = await this.readHeader();
    const dropped = older.filter((row) => !header.older.some((other) => isSame(row, other)));
    const { id = null, name = null } = here;
    await this.change(
      ...header.evaluations.map((row) =>
        updateAsIs(tables.evaluations, {
          ...this.#localOf(row),
          id: this.#evaluationOf(row.id),
          experiment_id: id,
        })
      ),
      ...["score_metrics", "passes"].map((table) => ({
        sql: `DELETE FROM ${table} WHERE evaluation_id IN (SELECT value FROM json_each(?1))`,
        args: [evaluations],
      })),
      ...insertAsIs(
        withoutId(tables.score_metrics),
        header.metrics.map((row) => this.#localOf(row)),
      ),
      ...insertAsIs(tables.passes, header.passes.map((row) => this.#localOf(row))),
      ...deleteEvaluations("SELECT value FROM json_each(?1)", [
        JSON.stringify(dropped.map((row) => row.id)),
      ]),
      updateAsIs(tables.experiments, { ...header.experiment, id, name, copying: 0 }),
    );
  }

  /** A row with the numbers of evaluations and sessions that it has here. */
  #localOf(row: Row): Row {
    const { evaluation_id: evaluation, session_id: session, ...rest } = row;
    return {
      ...rest,
      ...evaluation === undefined ? {} : { evaluation_id: this.#evaluationOf(evaluation) },
      ...session === undefined ? {} : { session_id: this.#sessionOf(session) },
    };
  }

  #evaluationOf(id: SqlValue | undefined): SqlValue {
    return this.#prepared.evaluations[this.#evaluationPlaces.get(id) ?? -1] ?? null;
  }

  #sessionOf(id: SqlValue): SqlValue {
    const { sessions } = this.#parts.header;
    return this.#prepared.sessions[sessions.findIndex((row) => row.id === id)] ?? null;
  }
}

/** How many items evaluations have. */
export async function countItems(
  database: Database,
  evaluations: readonly number[],
): Promise<number> {
  const [row = []] = await database.rows({
    sql: `SELECT count(*) FROM json_each(?1) CROSS JOIN items ON evaluation_id = value`,
    args: [JSON.stringify(evaluations)],
  });
  return numberAt(row, 0);
}

function markIncomplete(evaluations: readonly number[]): Statement {
  return {
    sql: `UPDATE evaluations SET status = 'incomplete'
      WHERE id IN (SELECT value FROM json_each(?1)) AND status <> 'incomplete'`,
    args: [JSON.stringify(evaluations)],
  };
}

function identityOf(row: Row): readonly SqlValue[] {
  return [row.evaluation_id ?? null, row.key ?? null, row.repeat ?? null];
}

function isSame(one: Row, other: Row): boolean {
  return one.name === other.name && one.variant === other.variant &&
    one.generation === other.generation;
}
