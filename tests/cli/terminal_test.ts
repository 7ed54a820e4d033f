import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { terminalRun } from "./terminal_run.ts";
import { type Workplace, workplace } from "./command.ts";

const CORE = new URL("../../mod.ts", import.meta.url).href;

/** Needs `script` and `stty`, which other systems have with other options. */
const ignore = Deno.build.os !== "linux";

/** Writes an evaluation of so many rows, which run two at a time until a file says that they end. */
async function evaluations(place: Workplace, rows: number): Promise<string> {
  return await place.write(
    "names.eval.ts",
    `import { exactMatch, foreach } from "${CORE}";

const rows = Array.from({ length: ${rows} }, (_, n) => n);
const options = { concurrency: 2 };
const ends = async () => {
  while (!(await Deno.stat("end").then(() => true, () => false))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

export const 日本語 = foreach("n", rows, options, async ({ n }) => {
  if (n === 1) console.log("printed by row %d", n);
  if (n >= 4) await ends();
  return exactMatch(n % 2, 0);
});
export const other = foreach("n", rows, { ...options, name: "👩‍👩‍👧 evil\\x1b[2J\\x1b]0;t\\x07" }, async ({ n }) => {
  if (n >= 4) await ends();
  if (n === 2) throw new Error("no " + n);
  return exactMatch(n, n);
});
`,
  );
}

/** How many lines hold a text. */
function holding(lines: readonly string[], text: string): number {
  return lines.filter((line) => line.includes(text)).length;
}

const ARGS = ["run", "names.eval.ts", "--experiment", "e"];

Deno.test({
  name:
    "on a terminal run keeps a block up to date, through resizes, and leaves it whole above the table",
  ignore,
  async fn() {
    await using place = await workplace();
    await evaluations(place, 12);
    await using run = terminalRun(place, ARGS, { columns: 110, rows: 30 });
    await run.until((lines) => holding(lines, "4/12") === 2);
    for (const [columns, rows] of [[60, 30], [34, 24], [200, 40], [80, 24]] as const) {
      await run.resize(columns, rows);
      // Nothing of the block as it was drawn before is left behind.
      await run.until((lines) => holding(lines, "4/12") === 2 && holding(lines, "日本語") === 1);
    }
    await place.write("end", "");
    const { code, lines, modes } = await run.end();
    assertEquals(code, 0, lines.join("\n"));
    const text = lines.join("\n");
    assertEquals(lines.filter((line) => line === "printed by row 1").length, 1, text);
    assertEquals(holding(lines, "12/12  "), 4, text);
    assertMatch(text, /evil\\u\{1b\}\[2J/);
    assertMatch(text, /evaluation .*exactMatch\.accuracy +time/);
    assertMatch(text, /1 × Error: no 2/);
    assertEquals(modes, { isCursorHidden: false, wraps: true });
  },
});

for (const [times, how] of [[1, "gently"], [2, "at once"]] as const) {
  Deno.test({
    name: `on a terminal Ctrl-C ends a run ${how}, with the block whole and the cursor there`,
    ignore,
    async fn() {
      await using place = await workplace();
      await evaluations(place, 12);
      await using run = terminalRun(place, ARGS, { columns: 90, rows: 24 });
      await run.until((lines) => holding(lines, "4/12") === 2);
      await run.press("\x03");
      await run.until((lines) => lines.some((line) => line.startsWith("Stopping: 4 items")));
      if (times === 2) await run.press("\x03");
      else await place.write("end", "");
      const { code, lines, modes } = await run.end();
      assertEquals(code, 130);
      const text = lines.join("\n");
      assertEquals(lines.filter((line) => /━.* \d+\/12 /.test(line)).length, 2, text);
      if (times === 1) assertStringIncludes(text, "Interrupted; 12 items are recorded.");
      assertEquals(modes, { isCursorHidden: false, wraps: true });
    },
  });
}

Deno.test({
  name: "a run that is killed leaves its terminal as it was: the cursor is there, and lines wrap",
  ignore,
  async fn() {
    await using place = await workplace();
    await evaluations(place, 12);
    await using run = terminalRun(place, ARGS, { columns: 90, rows: 24 });
    await run.until((lines) => holding(lines, "4/12") === 2);
    await run.kill();
    const { code, modes } = await run.end();
    assertEquals(code, 137);
    assertEquals(modes, { isCursorHidden: false, wraps: true });
  },
});

Deno.test({
  name: "on a terminal the user's code that ends the process leaves the block whole",
  ignore,
  async fn() {
    await using place = await workplace();
    await place.write(
      "names.eval.ts",
      `import { exactMatch, foreach } from "${CORE}";
export const ends = foreach("n", [1, 2, 3], { concurrency: 1 }, async ({ n }) => {
  await new Promise((resolve) => setTimeout(resolve, 150));
  if (n === 3) Deno.exit(0);
  return exactMatch(n, n);
});\n`,
    );
    await using run = terminalRun(place, ARGS, { columns: 90, rows: 24 });
    const { code, lines, modes } = await run.end();
    assertEquals(code, 1, lines.join("\n"));
    assertEquals(holding(lines, "2/3"), 1, lines.join("\n"));
    assertEquals(holding(lines, "ended from within an evaluation"), 1);
    assertEquals(modes, { isCursorHidden: false, wraps: true });
  },
});

for (const env of [{ TERM: "dumb" }, { CI: "true" }] as Readonly<Record<string, string>>[]) {
  Deno.test({
    name: `with ${JSON.stringify(env)} run writes whole lines to a terminal`,
    ignore,
    async fn() {
      await using place = await workplace();
      await evaluations(place, 3);
      await using run = terminalRun(place, ARGS, { columns: 80, rows: 24, env });
      const { code, lines, text } = await run.end();
      assertEquals(code, 0);
      // Deno itself clears lines while it loads modules.
      const own = text.slice(text.indexOf("Experiment"));
      // deno-lint-ignore no-control-regex -- what moves a cursor
      assert(!/\x1b\[\??\d*[A-HJKhl]/.test(own), JSON.stringify(own));
      assertStringIncludes(lines.join("\n"), "日本語: 3 items");
    },
  });
}
