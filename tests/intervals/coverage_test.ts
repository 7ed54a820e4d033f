import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Moments } from "../../src/stats/moments.ts";
import { seededRandom } from "../../src/stats/seeded_random.ts";
import { coverage, coverageTable } from "./coverage.ts";
import { METHODS } from "./methods.ts";
import { graded, pair } from "./samples.ts";

Deno.test("intervals of 100 rows hold the true value in about 95% of 500 simulations", () => {
  for (const method of METHODS) {
    const cell = coverage(method, { n: 100, p: 0.5, simulations: 500 });
    // Three standard errors of 500 draws; repeats that count as one answer leave it too wide.
    if (method.name.includes("by rows") && method.name.startsWith("share")) {
      assert(cell.coverage > 0.97, method.name);
    } else assertAlmostEquals(cell.coverage, 0.95, 0.03, method.name);
  }
});

Deno.test("the simulated scores have the mean that they are to have, and pairs belong together", () => {
  const random = seededRandom(3);
  for (const p of [0.02, 0.5, 0.98]) {
    const moments = new Moments();
    for (let n = 0; n < 20_000; n++) moments.add(graded(p, random));
    assertAlmostEquals(moments.mean, p, 0.01);
  }
  const pairs = Array.from({ length: 2_000 }, () => pair(random, random));
  assertAlmostEquals(pairs.filter(([a, b]) => a === b).length / 2_000, 0.5, 0.05);
});

Deno.test("an interval that is too narrow is seen, and bold in the table", () => {
  const narrow = {
    name: "narrow",
    truth: () => 0,
    draw: (_n: number, _p: number, random: () => number) => {
      const low = random() - 0.5;
      return { low, high: low + 0.1 };
    },
  };
  const cell = coverage(narrow, { n: 20, p: 0.02, simulations: 400 });
  assert(cell.coverage < 0.2);
  const [, , line] = coverageTable([cell, { ...cell, p: 0.5, coverage: 0.951 }]);
  assertEquals(
    line,
    `| narrow | **${(cell.coverage * 100).toFixed(1)}** | 95.1 |${"  |".repeat(7)}`,
  );
});
