import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { marked } from "marked";
import { plain } from "../../src/report/plain_text.ts";
import { fill, type Filling } from "../../src/report/testing/filled_storage.ts";
import { openStorage } from "../../src/storage/open.ts";
import { browserTest, visit } from "../browser.ts";
import { CORPUS, MARK } from "./corpus.ts";
import { emulate, textLines } from "./emulator.ts";
import { EXPERIMENT, hostileRecord, NAMES } from "./hostile_experiment.ts";
import { type HostilePlace, hostilePlace } from "./hostile_place.ts";
import { runnerCommands } from "./runner_commands.ts";

const SIDES = [true, false].map((value) => ({ value, experiment: `${EXPERIMENT}${value}` }));

/** Compares with all rows shown, of which each text is one. */
const COMPARE = ["compare", ...SIDES.map(({ experiment }) => experiment), "--flips", "1000"];

/** Two experiments whose rows, outputs, names and scores are the texts, and which differ in each row. */
async function comparedPlace(): Promise<HostilePlace> {
  const place = await hostilePlace();
  await using storage = await openStorage(`file:${place.folder}/hostile.db`, { mode: "write" });
  for (const { experiment, value } of SIDES) {
    const named = NAMES.map(({ text }): Filling => ({
      name: text,
      variant: { [text]: text },
      records: [{ scores: [{ name: text, value, metadata: undefined }] }],
    }));
    const answered = CORPUS.map((text) => ({
      ...hostileRecord(text, { failed: false }),
      scores: [{ name: "right", value, metadata: undefined }],
    }));
    await fill(storage, experiment, [{ name: "answered", records: answered }, ...named]);
  }
  return place;
}

for (const format of ["", "--json", "--markdown", "--html"]) {
  Deno.test(`compare ${format} is on the screen as it was written, and does nothing else`, async () => {
    await using place = await comparedPlace();
    const args = [...COMPARE, ...format === "" ? [] : [format]];
    for (const options of [{}, { columns: 80 }, { columns: 80, color: true }]) {
      const out = (await place.dotevals(args, options)).out();
      const { lines, incidents } = await emulate(out, { columns: options.columns ?? 200 });
      assertEquals(incidents, []);
      assertEquals(runnerCommands(out), []);
      if (!options.color) assertEquals(lines, textLines(out));
    }
  });
}

browserTest("compare --html and --markdown show hostile texts as texts", async (browser) => {
  await using place = await comparedPlace();
  for (const format of ["html", "markdown"]) {
    const out = (await place.dotevals([...COMPARE, `--${format}`])).out();
    const path = join(place.folder, "compared.html");
    const page = format === "html"
      ? out
      : `<!doctype html><meta charset=utf-8>${await marked.parse(out, { gfm: true })}`;
    await Deno.writeTextFile(path, page);
    const seen = await visit(browser, path);
    assertEquals(seen.incidents, []);
    assertEquals(await seen.page.evaluate(`typeof globalThis.${MARK}`), "undefined");
    const foreign =
      "a, img, svg, iframe, form, base, object, embed, audio, video, script, [onload]";
    assertEquals(await seen.page.locator(foreign).count(), 0);
    assertEquals(await seen.page.locator("h2").count(), NAMES.length + 1);
    const uneven = await seen.page.evaluate(
      `[...document.querySelectorAll("tbody tr")].filter((row) =>
        row.cells.length !== row.closest("table").querySelectorAll("thead th").length).length`,
    );
    assertEquals(uneven, 0);
    const cells: readonly string[] = await seen.page.evaluate(
      `[...document.querySelectorAll("td")].map(({ textContent }) => textContent)`,
    );
    for (
      const { name, text } of CORPUS.filter(({ text }) => text.length < 200 && text.trim() !== "")
    ) {
      const shown = plain(text);
      // What neither has a form for, beside what `plain` escapes.
      const special = format === "html" ? /[\ufffe\uffff]/g : /\|/g;
      const expected = shown.replace(special, (it) => `\\u{${it.charCodeAt(0).toString(16)}}`);
      assert(cells.includes(expected), `${name}: ${expected}`);
    }
  }
});
