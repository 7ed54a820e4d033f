import { assertEquals, assertRejects } from "@std/assert";
import { createClient } from "@libsql/client";
import { sqldMissing, startSqld } from "../../tests/sqld.ts";
import { DatasetError } from "./dataset_error.ts";
import { sql } from "./sql.ts";

Deno.test({
  name: "sql() reads from a server, which it does not change",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    const client = createClient({ url: server.url });
    await client.executeMultiple(
      "CREATE TABLE city (name TEXT, people INT, share REAL, flag BLOB);" +
        "INSERT INTO city VALUES ('Oslo', 7, 0.5, x'01ff'), ('Röm', 1152921504606846976, NULL, NULL)",
    );
    client.close();
    const ask = (query: string, args: Parameters<typeof sql>[1]["args"] = []) =>
      Array.fromAsync(sql(server.url, { query, args }));
    assertEquals<unknown[]>(await ask("SELECT * FROM city ORDER BY name"), [
      { name: "Oslo", people: 7, share: 0.5, flag: new Uint8Array([1, 255]) },
      { name: "Röm", people: 2n ** 60n, share: null, flag: null },
    ]);
    const oslo = [{ name: "Oslo" }];
    for (const args of [[7], [7n], { n: 7 }]) {
      const mark = Array.isArray(args) ? "?" : ":n";
      assertEquals(await ask(`SELECT name FROM city WHERE people = ${mark}`, args), oslo);
    }
    assertEquals(
      await ask("SELECT name FROM city WHERE flag = ?", [new Uint8Array([1, 255])]),
      oslo,
    );
    assertEquals(await ask("SELECT name FROM city WHERE false"), []);
    const numbers = "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c LIMIT 20000)";
    assertEquals((await ask(`${numbers} SELECT n FROM c`)).length, 20_000);
    for await (const _row of sql(server.url, { query: `${numbers} SELECT n FROM c` })) break;
    for (const query of ["SELECT x FROM city", "DELETE FROM city"]) {
      const error = await assertRejects(() => ask(query), DatasetError, "The query of the dataset");
      assertEquals(error.code, "dataset-unreadable");
    }
    // The server lets it, in a transaction that is rolled back.
    await ask("DELETE FROM city RETURNING name");
    assertEquals((await ask("SELECT * FROM city")).length, 2);
  },
});

Deno.test("sql() says that a server cannot be reached or refuses, without its token", async () => {
  const nobody = sql("libsql://127.0.0.1:9/?tls=0&authToken=secret", { query: "SELECT 1" });
  const error = await assertRejects(() => Array.fromAsync(nobody), DatasetError);
  assertEquals(error.message.includes("secret"), false);
  const seen: (string | null)[] = [];
  await using refusing = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      seen.push(request.headers.get("authorization"));
      return new Response("no such token", { status: 401 });
    },
  );
  const url = `http://127.0.0.1:${refusing.addr.port}`;
  const refused = sql(url, { query: "SELECT 1", authToken: "abc" });
  await assertRejects(
    () => Array.fromAsync(refused),
    DatasetError,
    "the server answered 401: no such token",
  );
  assertEquals(seen, ["Bearer abc"]);
});
