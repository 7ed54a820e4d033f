import { assertEquals } from "@std/assert";
import { coverage, coverageTable, SHARES, SIZES } from "../intervals/coverage.ts";
import { METHODS } from "../intervals/methods.ts";

/** The page that has the table. */
const PAGE = new URL("../../docs/comparing.md", import.meta.url);

Deno.test("the table of the intervals' coverage is what 10,000 simulations of each cell come to", async () => {
  const cells = METHODS.flatMap((method) =>
    SIZES.flatMap((n) => SHARES.map((p) => coverage(method, { n, p, simulations: 10_000 })))
  );
  const table = coverageTable(cells);
  // deno-lint-ignore no-console -- the figures are what this test is for
  console.log(table.join("\n"));
  const page = (await Deno.readTextFile(PAGE)).split("\n");
  const start = page.findIndex((line) => line === table[0]);
  assertEquals(page.slice(start, start + table.length), table);
});
