/**
 * Looks whether a storage's tables are as migrations made them.
 *
 * @module
 */
import type { Database } from "./database.ts";
import type { Finding } from "./finding.ts";
import { MIGRATIONS } from "./schema.ts";
import { countOf, numberAt, textAt } from "./sql.ts";

const CREATED = /CREATE (?:UNIQUE )?(TABLE|INDEX|VIEW|TRIGGER) (\w+)/;

/** Tables, indexes, views and triggers that are not there, up to a version. */
export async function missingTables(
  database: Database,
  version: number,
): Promise<readonly Finding[]> {
  const rows = await database.rows({ sql: "SELECT name FROM sqlite_master" });
  const there = new Set(rows.map((row) => textAt(row, 0)));
  return MIGRATIONS.slice(0, version).flat().flatMap((sql) => {
    const [, kind = "", name = ""] = CREATED.exec(sql) ?? [];
    if (name === "" || there.has(name)) return [];
    return [{
      code: "missing-from-schema",
      text: `The ${kind.toLowerCase()} ${name} is missing.`,
      hint: '"dotevals storage copy" makes a new storage that has it.',
    }];
  });
}

/**
 * Whether the database itself keeps items from being there twice, and, where it does not, those that
 * are.
 */
export async function repeatedItems(database: Database): Promise<readonly Finding[]> {
  const [row = []] = await database.rows({
    sql: `SELECT count(*) FROM pragma_index_list('items') l WHERE "unique" = 1 AND 3 = (
      SELECT count(*) FROM pragma_index_info(l.name)
      WHERE name IN ('evaluation_id', 'key', 'repeat'))`,
  });
  if (numberAt(row, 0) > 0) return [];
  const results = await database.read({
    sql: `SELECT count(*) FROM (SELECT 1 FROM items NOT INDEXED
      GROUP BY evaluation_id, key, repeat HAVING count(*) > 1)`,
  });
  const repeated = countOf(results, 0);
  return [{
    code: "items-not-unique",
    text: `Nothing keeps an item from being recorded twice, and ${repeated} are.`,
    hint: "The index was removed by hand: go back to a backup.",
  }];
}
