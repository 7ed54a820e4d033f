import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { reportExperiment } from "../../src/report/experiment_report.ts";
import { parseGate } from "../../src/report/gates/gate.ts";
import { judgeGates } from "../../src/report/gates/judge_gates.ts";
import { reporter } from "../../src/report/reporters/html.ts";
import { demoStorage, fill } from "../../src/report/testing/filled_storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { encode } from "../../src/values/tagged.ts";
import { browserTest, visit } from "../browser.ts";

/** A report in a file, gone when disposed of. */
async function reportFile(storage: Storage, experiment: string) {
  const path = await Deno.makeTempFile({ suffix: ".html" });
  const report = await reportExperiment(storage, experiment);
  const gates = experiment === "demo"
    ? ["arithmetic/exactMatch.accuracy >= 0.45", "errors <= 5"].map(parseGate)
    : [];
  const judgements = judgeGates(gates, report, undefined);
  const pieces = await Array.fromAsync(reporter({ report, storage, folder: "/", judgements }));
  await Deno.writeTextFile(path, pieces.join(""));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

/** The texts of the items' table, cell by cell. */
async function cells(page: Page): Promise<readonly string[][]> {
  const lines = await page.locator("#lines tr").all();
  return await Promise.all(lines.map((line) => line.locator("th, td").allInnerTexts()));
}

async function column(page: Page, at: number): Promise<readonly string[]> {
  return (await cells(page)).map((line) => line[at] ?? "");
}

browserTest(
  "the HTML report shows evaluations, errors by kind and items, and asks nobody",
  async (browser) => {
    await using storage = await demoStorage();
    await using file = await reportFile(storage, "demo");
    const { page, incidents } = await visit(browser, file.path);
    assertEquals(await page.locator("h1").innerText(), "Experiment demo");
    assertEquals(await page.locator("#evaluations tbody tr").allInnerTexts(), [
      "arithmetic [model=echo:]\tcomplete\t5/5\t2\t0.400 (0.118–0.769)\t\t\t\t\t",
      "arithmetic [model=openai:gpt-4o-mini, style=terse]\tincomplete, 2 of 1,200 items are recorded\t2/1,200\t0\t0.500 (0.095–0.905)\t\t\t\t\t",
      "extraction\tcomplete\t3/3\t0\t\t0.500 as of 2 of 3\t–\t–\t\t",
    ]);
    assertEquals(
      (await page.locator("#gates li").allInnerTexts()).map((text) => text.slice(0, 50)),
      [
        "✗ failed arithmetic/exactMatch.accuracy >= 0.45 ar",
        "✗ failed arithmetic/exactMatch.accuracy >= 0.45 ar",
        "✗ failed errors <= 5 2 for 10 items; it is incompl",
      ],
    );
    assertEquals(await page.locator("#errors li").allInnerTexts(), [
      "2 × TypeError: boom arithmetic [model=echo:]",
    ]);
    assertEquals(await page.locator("#range").innerText(), "Items 1 to 10 of 10");
    assertEquals((await cells(page))[0], [
      "0 arithmetic [model=echo:]",
      '{"n":0}',
      "yes",
      "✓ true",
      "",
      "",
      "5",
    ]);
    assertEquals(incidents, []);
  },
);

browserTest("the HTML report searches, filters and sorts, by keyboard too", async (browser) => {
  await using storage = await demoStorage();
  await using file = await reportFile(storage, "demo");
  const { page, incidents } = await visit(browser, file.path);
  await page.getByLabel("Search").fill("BOOM");
  assertEquals(await column(page, 2), ["TypeError: boom", "TypeError: boom"]);
  await page.getByLabel("Search").fill("exactmatch: false");
  assertEquals(await column(page, 3), ["✗ false", "✗ false"]);
  await page.getByLabel("Search").fill("");
  await page.getByLabel("Evaluation", { exact: true }).selectOption("extraction");
  assertEquals((await column(page, 4)).toSorted(), ["0.5", "1", "NaN"]);
  await page.getByRole("button", { name: "f1" }).focus();
  await page.keyboard.press("Enter");
  assertEquals(await column(page, 4), ["0.5", "1", "NaN"]);
  await page.getByRole("button", { name: "f1" }).press("Enter");
  assertEquals((await column(page, 4)).slice(0, 1), ["NaN"]);
  assertEquals(
    await page.locator("th[aria-sort=descending]").innerText(),
    "f1 ▼",
  );
  await page.getByLabel("Evaluation", { exact: true }).selectOption("all");
  await page.getByLabel("Outcome").selectOption("exactMatch: true");
  assertEquals(await page.locator("#range").innerText(), "Items 1 to 3 of 3");
  await page.getByLabel("Outcome").selectOption("all");
  await page.getByRole("button", { name: "2 ×" }).click();
  assertEquals(await page.locator("#range").innerText(), "Items 1 to 2 of 2");
  await page.getByRole("button", { name: "Show all again" }).click();
  assertEquals(await page.locator("#range").innerText(), "Items 1 to 10 of 10");
  assertEquals(incidents, []);
});

browserTest(
  "the HTML report opens an item, with its prompt, response and error",
  async (browser) => {
    await using storage = await demoStorage();
    await using file = await reportFile(storage, "demo");
    const { page, incidents } = await visit(browser, file.path);
    const dialog = page.getByRole("dialog");
    assertEquals(await dialog.isVisible(), false);
    await page.getByRole("button", { name: "Open item 0 of extraction" }).click();
    const text = await dialog.innerText();
    assertStringIncludes(text, "What?\nWhy?");
    assertStringIncludes(text, '{\n  "when": {\n    "$type": "Date"');
    assertStringIncludes(text, "\\u{1b}[2Jred\\u{202e}");
    assertStringIncludes(text, 'parts {"name":true,"size":3}');
    await dialog.getByRole("button", { name: "Next item" }).click();
    assertStringIncludes(await dialog.innerText(), "f1 NaN");
    await page.keyboard.press("Escape");
    assertEquals(await dialog.isVisible(), false);
    await page.getByRole("button", { name: "Open item 3 of arithmetic [model=echo:]" }).click();
    assertStringIncludes(await dialog.innerText(), "TypeError: boom\n    at x.ts:1:1");
    assertEquals(incidents, []);
  },
);

browserTest(
  "the policy of the HTML report lets nothing run and nothing out, were there a gap",
  async (browser) => {
    const asked: string[] = [];
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ url }) => {
        asked.push(url);
        return new Response();
      },
    );
    const url = `http://127.0.0.1:${server.addr.port}/`;
    await using storage = await demoStorage();
    await using file = await reportFile(storage, "demo");
    const { page, incidents } = await visit(browser, file.path);
    const ran = await page.evaluate(`(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.ran = 1";
    const image = document.createElement("img");
    image.src = "${url}i.png";
    const form = document.createElement("form");
    form.action = "${url}";
    document.body.append(script, image, form);
    form.submit();
    return typeof globalThis.ran;
  })()`);
    const ask = `fetch("${url}").then(() => "let", () => "refused")`;
    assertEquals([ran, await page.evaluate(ask)], ["undefined", "refused"]);
    const refusals = incidents.filter((incident) => incident.includes("Content Security Policy"));
    assert(refusals.length >= 4, incidents.join("\n"));
    assertEquals(asked, []);
  },
);

browserTest(
  "the HTML report is accessible, in light and in dark, with an item open too",
  async (browser) => {
    await using storage = await demoStorage();
    await using file = await reportFile(storage, "demo");
    for (const colorScheme of ["light", "dark"] as const) {
      const options = { colorScheme, bypassCSP: true };
      const { page } = await visit(browser, file.path, options);
      for (const open of [false, true]) {
        if (open) await page.getByRole("button", { name: /^Open item 3 of arith/ }).click();
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run()");
        assertEquals(violations.map(({ id, nodes }) => [id, nodes[0]?.html]), []);
        assert(passes.length > 10);
      }
    }
  },
);

browserTest(
  "the HTML report of a large experiment holds a part, errors first, and says so",
  async (browser) => {
    await using storage = await demoStorage();
    await fill(storage, "large", [{
      name: "many",
      metrics: [{ score: "s", metric: "accuracy", parameters: {} }],
      records: Array.from({ length: 12_000 }, (_, n) => ({
        row: encode({ text: `row ${n} ${"x".repeat(500)}` }),
        ...n >= 11_998
          ? { error: { name: "Error", message: "late", stack: undefined } }
          : { scores: [{ name: "s", value: n % 2 === 0, metadata: undefined }] },
      })),
    }]);
    await using file = await reportFile(storage, "large");
    const { page, incidents } = await visit(browser, file.path);
    assertStringIncludes(
      await page.locator("#part").innerText(),
      "This file holds 10,000 of 12,000 items: those with errors first",
    );
    assertEquals(await page.locator("#lines tr").count(), 100);
    await page.getByRole("button", { name: "2 ×" }).click();
    assertEquals(await column(page, 2), ["Error: late", "Error: late"]);
    await page.getByRole("button", { name: "Show all again" }).click();
    await page.getByRole("button", { name: "Next page" }).click();
    assertEquals(await page.locator("#range").innerText(), "Items 101 to 200 of 10,000");
    assertEquals(incidents, []);
  },
);

Deno.test("the HTML report without its data is far below 1 MB", async () => {
  await using storage = await demoStorage();
  await using file = await reportFile(storage, "demo");
  assert((await Deno.stat(file.path)).size < 50_000);
});
