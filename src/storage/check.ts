/**
 * Looks whether a storage is sound, and changes nothing.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { CHECK_RULES } from "./check_rules.ts";
import { missingTables, repeatedItems } from "./check_schema.ts";
import { noteLeases, noteOlder, noteSpool } from "./check_notes.ts";
import type { Database } from "./database.ts";
import type { Finding } from "./finding.ts";
import { noStorage, planMigration } from "./migrate.ts";
import { countOf, numberAt, textAt } from "./sql.ts";
import { fromStoredText } from "./stored_text.ts";

/** Faults of the database itself that are told. */
const MOST_FAULTS = 10;

/** What was found in a storage. */
export interface StorageCheck {
  readonly location: string;
  /** The version of its tables, and the newest that this code knows. */
  readonly version: { readonly found: number; readonly newest: number };
  /** `undefined` where tables are missing. */
  readonly counts: Readonly<Record<CountName, number>> | undefined;
  /** What was looked at. */
  readonly looked: readonly string[];
  /** What could not be looked at, and why. */
  readonly leftOut: readonly string[];
  /** What is wrong. */
  readonly problems: readonly Finding[];
  /** What is worth knowing. */
  readonly notes: readonly Finding[];
}

type CountName = "experiments" | "sessions" | "evaluations" | "items" | "errors" | "gone";

/** Options of {@linkcode checkStorage}. */
export interface CheckOptions {
  /** The folder where results for a server wait. */
  readonly spool: string;
  /** Told what is looked at next. */
  readonly onStep?: (looksAt: string) => void;
}

/**
 * Looks whether a storage is sound.
 *
 * Each look is a reading of its own, so that nobody who writes waits for all of them.
 *
 * @throws {DotevalsError} `no-storage`, or what keeps it from being read at all
 */
export async function checkStorage(
  database: Database,
  { spool, onStep = () => {} }: CheckOptions,
): Promise<StorageCheck> {
  const { from: found, to: newest } = await planMigration(database);
  if (found === 0) throw noStorage(database.location);
  const looked: string[] = [];
  const leftOut: string[] = [];
  const problems: Finding[] = [];
  async function look(looksAt: string, find: () => Promise<readonly Finding[]>): Promise<void> {
    onStep(looksAt);
    try {
      problems.push(...await find());
      looked.push(looksAt);
    } catch (error) {
      if (!(error instanceof DotevalsError)) throw error;
      if (error.code === "storage-not-a-database") problems.push(damaged(error.message));
      else if (error.code === "storage-failed") leftOut.push(`${looksAt} (${error.message})`);
      else throw error;
    }
  }
  await look("the database's pages and indexes", () => damages(database));
  await look("its tables and indexes", () => missingTables(database, found));
  await look("that every item is there once", () => repeatedItems(database));
  for (const rule of CHECK_RULES.filter(({ since }) => since <= found)) {
    await look(rule.looksAt, async () => {
      const [row = []] = await database.rows({ sql: rule.sql });
      const count = numberAt(row, 0);
      const text = rule.text(count, fromStoredText(textAt(row, 1)));
      return count === 0 ? [] : [{ code: rule.code, text, hint: rule.hint }];
    });
  }
  const isWhole = !problems.some(({ code }) => code === "missing-from-schema");
  const waiting = await noteSpool(spool, database.location);
  looked.push("results that wait to be delivered");
  return {
    location: database.location,
    version: { found, newest },
    counts: isWhole ? await countAll(database) : undefined,
    looked,
    leftOut,
    problems: [...problems, ...waiting.problems],
    notes: [
      ...noteVersion(found, newest),
      ...isWhole ? await noteOlder(database) : [],
      ...isWhole ? await noteLeases(database) : [],
      ...waiting.notes,
    ],
  };
}

async function damages(database: Database): Promise<readonly Finding[]> {
  const rows = await database.rows({ sql: `PRAGMA integrity_check(${MOST_FAULTS})` });
  return rows.map((row) => textAt(row, 0)).filter((text) => text !== "ok").map(damaged);
}

function damaged(text: string): Finding {
  return {
    code: "damaged",
    text: `The database is damaged: ${text}`,
    hint: 'Go back to a backup, or save what can be read with "dotevals storage copy".',
  };
}

function noteVersion(found: number, newest: number): readonly Finding[] {
  return found === newest ? [] : [{
    code: "older-version",
    text: `The tables are of version ${found}; the newest is ${newest}.`,
    hint: '"dotevals storage migrate" brings them up to date; "dotevals run" does too.',
  }];
}

const COUNTS: Readonly<Record<CountName, string>> = {
  experiments: "SELECT count(*) FROM experiments",
  sessions: "SELECT count(*) FROM sessions",
  evaluations: "SELECT count(*) FROM evaluations",
  items: "SELECT count(*) FROM items",
  errors: "SELECT count(*) FROM items WHERE error_name IS NOT NULL AND gone = 0",
  gone: "SELECT count(*) FROM items WHERE gone = 1",
};

async function countAll(database: Database): Promise<StorageCheck["counts"]> {
  const names = Object.keys(COUNTS) as readonly CountName[];
  const results = await database.read(...names.map((name) => ({ sql: COUNTS[name] })));
  const counts = names.map((name, at) => [name, countOf(results, at)]);
  return Object.fromEntries(counts);
}
