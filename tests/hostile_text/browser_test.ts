import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { marked } from "marked";
import type { Browser } from "playwright-core";
import { plain, plainText } from "../../src/report/plain_text.ts";
import { shortened } from "../../src/report/shortened.ts";
import { browserTest, type Visit, visit } from "../browser.ts";
import { CORPUS, MARK } from "./corpus.ts";
import { EXPERIMENT, NAMES } from "./hostile_experiment.ts";
import { hostilePlace } from "./hostile_place.ts";

const TITLE = `Experiment ${plain(EXPERIMENT)}`;

/** Asks a page whether any of the texts has done anything. */
async function assertHarmless({ page, incidents }: Visit, title = TITLE): Promise<void> {
  assertEquals(incidents, []);
  assertEquals(await page.evaluate(`typeof globalThis.${MARK}`), "undefined");
  assertEquals(await page.evaluate("location.protocol"), "file:");
  const foreign = "a, img, svg, iframe, form, base, object, embed, audio, video, details, [onload]";
  assertEquals(await page.locator(foreign).count(), 0);
  assertEquals(await page.locator("h1").allInnerTexts(), [title]);
}

async function opened(browser: Browser, html: string): Promise<Visit & AsyncDisposable> {
  const path = await Deno.makeTempFile({ suffix: ".html" });
  await Deno.writeTextFile(path, html);
  const seen = await visit(browser, path);
  return { ...seen, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

browserTest(
  "the browser sees what hostile texts do to a page that trusts them",
  async (browser) => {
    const page = (texts: readonly string[]) =>
      `<!doctype html><meta charset=utf-8><p>${texts.join("\n<p>")}`;
    await using seen = await opened(browser, page(CORPUS.map(({ text }) => text)));
    assertEquals(await seen.page.evaluate(`globalThis.${MARK}`), 1);
    const image = CORPUS.find(({ name }) => name === "an image");
    await using other = await opened(browser, page([image?.text ?? ""]));
    assertEquals(other.incidents[0], "request: http://127.0.0.1:9/i.png");
  },
);

browserTest("the HTML report shows hostile texts as texts, each in its place", async (browser) => {
  await using place = await hostilePlace();
  await place.dotevals(["show", EXPERIMENT, "--reporter", "html=report.html"]);
  const seen = await visit(browser, join(place.folder, "report.html"));
  const { page } = seen;
  await assertHarmless(seen);
  assertEquals(await page.title(), "dotevals report");
  assertEquals(await page.locator("#evaluations tbody tr").count(), NAMES.length + 2);
  // Each row of each table has as many cells as there are titles, and none of them leaves its row.
  const misplaced: readonly string[] = await page.evaluate(`[...document.querySelectorAll("table")]
    .flatMap((table) => [...table.querySelectorAll("tbody tr")].flatMap((row) => {
      const box = row.getBoundingClientRect();
      const titles = table.querySelectorAll("thead th").length;
      const wrong = row.cells.length === titles ? [] : ["cells of " + row.innerText];
      return [...wrong, ...[...row.cells].filter((cell) => {
        const own = cell.getBoundingClientRect();
        const style = getComputedStyle(cell);
        return own.top < box.top - 1 || own.bottom > box.bottom + 1 || style.overflow === "visible";
      }).map((cell) => cell.innerText)];
    }))`);
  assertEquals(misplaced, []);
  for (const evaluation of ["answered", "failed"]) {
    await page.getByLabel("Evaluation", { exact: true }).selectOption(evaluation);
    // The wide table behind the dialog would be laid out anew for each.
    await page.evaluate('document.querySelector("main").hidden = true');
    const stories: readonly string[][] = await page.evaluate(`
      [...document.querySelectorAll("#lines tr")].map((line) => {
        line.querySelector("button").click();
        const texts = [...document.querySelectorAll("#detail-parts pre")];
        document.querySelector("#detail").close();
        return texts.map(({ textContent }) => textContent);
      })`);
    await page.evaluate('document.querySelector("main").hidden = false');
    assertEquals(stories.length, CORPUS.length);
    for (const [at, { name, text }] of CORPUS.entries()) {
      const expected = plainText(shortened(text, 20_000));
      assert(stories[at]?.includes(expected), `${name}: ${expected} in ${stories[at]}`);
    }
  }
  for (const { text } of CORPUS.slice(0, 10)) await page.getByLabel("Search").fill(text);
  await assertHarmless(seen);
});

browserTest(
  "the Markdown report, rendered, has tables of texts and nothing else",
  async (browser) => {
    await using place = await hostilePlace();
    await place.dotevals(["show", EXPERIMENT, "--reporter", "markdown=report.md"]);
    const markdown = await Deno.readTextFile(join(place.folder, "report.md"));
    const html = await marked.parse(markdown, { gfm: true });
    await using seen = await opened(browser, `<!doctype html><meta charset=utf-8>${html}`);
    await assertHarmless(seen, TITLE.replaceAll("|", "\\u{7c}"));
    const { page } = seen;
    // The renderer adds no script, and there is none.
    assertEquals(await page.locator("script, pre, blockquote, ul, ol, h3").count(), 0);
    const names: readonly string[] = await page.evaluate(`[...document.body.querySelectorAll("*")]
    .map(({ localName }) => localName).filter((name, at, all) => all.indexOf(name) === at)`);
    const expected = ["code", "h1", "h2", "p", "table", "tbody", "td", "th", "thead", "tr"];
    assertEquals(names.toSorted().filter((name) => !expected.includes(name)), []);
    const uneven = await page.evaluate(`[...document.querySelectorAll("tr")].filter((row) =>
    row.cells.length !== row.closest("table").querySelectorAll("thead th").length).length`);
    assertEquals(uneven, 0);
    const cells = await page.locator("td code").allTextContents();
    const inCell = (text: string) => plain(text).replaceAll("|", "\\u{7c}");
    for (const { name, text } of NAMES) {
      const label = `${plain(text)} [${plain(text)}=${plain(text)}]`;
      assert(cells.includes(label.replaceAll("|", "\\u{7c}")), `${name}: ${label}`);
    }
    // The most frequent kinds of errors are listed; the others are counted.
    const [first] = CORPUS;
    assert(cells.includes(inCell(`${first?.text}: ${first?.text}`)));
  },
);
