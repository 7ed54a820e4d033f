import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createClient } from "@libsql/client";
import { sqlMatch } from "./sql_match.ts";

const SETUP = `
  CREATE TABLE city (name TEXT, people REAL, founded INT);
  INSERT INTO city VALUES ('Oslo', 0.7, 1040), ('Rome', 2.8, NULL), ('Lima', 10, 1535);
`;

async function match(actual: string, expected: string, ordered?: boolean): Promise<unknown> {
  const options = { setup: SETUP, ...ordered !== undefined && { ordered } };
  const { value, error, metadata } = await sqlMatch(actual, expected, options);
  return error ?? metadata.problem ?? value;
}

Deno.test("sqlMatch() compares the rows that two queries give", async () => {
  const names = "SELECT name FROM city";
  assertEquals(await match("SELECT name AS n FROM city ORDER BY n", names), true);
  assertEquals(await match(`${names} LIMIT 2`, names), false);
  assertEquals(await match("SELECT name, people FROM city", names), false);
  assertEquals(await match(names, "SELECT name FROM city ORDER BY people DESC"), false);
  assertEquals(await match(names, "SELECT name FROM city ORDER BY people DESC", false), true);
  assertEquals(await match("SELECT 0.1 + 0.2, 3.0, NULL", "SELECT 0.3, 3, NULL"), true);
  assertEquals(await match("SELECT NULL", "SELECT ''"), false);
  assertEquals(await match("VALUES (1), (1), (2)", "VALUES (1), (2), (2)"), false);
  assertEquals(await match("SELECT 9007199254740993", "SELECT 9007199254740992"), false);
  assertEquals(await match("SELECT x'00ff'", "SELECT x'00ff'"), true);
  // Only what stands outside of parentheses, texts and comments orders the rows.
  const ranked = "SELECT name, rank() OVER (ORDER BY people) FROM city";
  for (const expected of [ranked, `${ranked} -- ORDER BY`, `${ranked} WHERE 'order by' > ''`]) {
    assertEquals(await match(`${ranked} ORDER BY 2 DESC`, expected), true);
  }
  assertEquals(await match(ranked, `${ranked} ORDER BY 2 DESC`), false);
});

Deno.test("sqlMatch() says what is wrong with a query, and refuses one that writes", async () => {
  assertMatch(String(await match("SELECT nam FROM city", "SELECT 1")), /no such column: nam/);
  for (
    const sql of [
      "DROP TABLE city",
      "ATTACH 'a.db' AS a",
      "",
      "-- select\nPRAGMA journal_mode",
      `${"/**/".repeat(1_000)}DROP TABLE city`,
    ]
  ) {
    assertEquals(await match(sql, "SELECT 1"), "It is no query that reads only.");
  }
  assertStringIncludes(
    String(await match("SELECT 1", "SELECT nam FROM city")),
    "no such column: nam",
  );
  assertStringIncludes(String(await match("SELECT 1", "DROP TABLE city")), "does not read only");
  assertStringIncludes(String((await sqlMatch("SELECT 1", "SELECT 1", {})).error), "needs either");
});

Deno.test("sqlMatch() reads a file, and leaves it as it is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const database = `file:${folder}/cities.db`;
    const client = createClient({ url: database });
    await client.executeMultiple(SETUP);
    client.close();
    const count = "SELECT count(*) FROM city";
    assertEquals((await sqlMatch("SELECT 3", count, { database })).value, true);
    const writing =
      "WITH gone AS (SELECT 'Oslo' AS n) DELETE FROM city WHERE name IN (SELECT n FROM gone)";
    const made = await sqlMatch(writing, count, { database });
    assertEquals(made.value, false);
    assertEquals((await sqlMatch("SELECT 3", count, { database })).value, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("sqlMatch() kills a query that does not end", async () => {
  const endless =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";
  const { value, metadata } = await sqlMatch(endless, "SELECT 1", { setup: "", timeout: 1500 });
  assertEquals([value, metadata.problem], [false, "It took longer than 1500 ms."]);
});
