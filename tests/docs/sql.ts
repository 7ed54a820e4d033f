import { createClient, type ResultSet } from "@libsql/client";
import type { Finished } from "../finished.ts";

/**
 * Executes SQL on the database of the page whose scratch directory is `folder`, or on an empty one. A
 * single statement's rows are the output: a line of names, then a line per row, cells joined by ` | `.
 */
export async function runSql(sql: string, folder: string | undefined): Promise<Finished> {
  const url = folder === undefined ? ":memory:" : `file:${folder}/.dotevals/dotevals.db`;
  try {
    if (folder !== undefined) await Deno.stat(`${folder}/.dotevals/dotevals.db`);
    const client = createClient({ url });
    try {
      const statements = sql.split(";").filter((statement) => statement.trim() !== "");
      if (statements.length > 1) {
        await client.executeMultiple(sql);
        return { code: 0, stdout: "", stderr: "" };
      }
      return { code: 0, stdout: table(await client.execute(sql)), stderr: "" };
    } finally {
      client.close();
    }
  } catch (error) {
    return { code: 1, stdout: "", stderr: String(error) };
  }
}

function table({ columns, rows }: ResultSet): string {
  const lines = rows.map((row) => columns.map((_, at) => String(row[at] ?? "null")));
  return [columns, ...lines].map((cells) => cells.join(" | ")).join("\n");
}
