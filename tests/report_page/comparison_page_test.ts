import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import { compareExperiments } from "../../src/report/comparison/compare_experiments.ts";
import { comparisonHtml } from "../../src/report/comparison/comparison_html.ts";
import { fill } from "../../src/report/testing/filled_storage.ts";
import { memoryStorage } from "../../src/storage/memory.ts";
import { encode } from "../../src/values/tagged.ts";
import { browserTest, visit } from "../browser.ts";

/** The page of two experiments, of which one is better in a score and the same in the other. */
async function comparisonPage(): Promise<string> {
  await using storage = memoryStorage();
  for (const [experiment, right] of [["before", 3], ["after", 17]] as const) {
    const records = Array.from({ length: 20 }, (_, n) => ({
      row: encode({ n }),
      response: encode(`answer ${n}`),
      scores: [
        { name: "right", value: n < right, metadata: undefined },
        { name: "length", value: n, metadata: undefined },
      ],
    }));
    await fill(storage, experiment, [{ name: "sums", records }]);
  }
  const selected = (experiment: string) => ({ experiment, bindings: {} });
  return comparisonHtml(
    await compareExperiments(storage, [selected("before"), selected("after")], {
      evaluation: undefined,
      renamed: new Map(),
      flips: 3,
      lowerIsBetter: [],
    }),
  );
}

browserTest(
  "the page of a comparison is accessible in light, in dark and on a phone",
  async (browser) => {
    const path = await Deno.makeTempFile({ suffix: ".html" });
    try {
      await Deno.writeTextFile(path, await comparisonPage());
      for (
        const options of [
          { colorScheme: "light" },
          { colorScheme: "dark" },
          { viewport: { width: 360, height: 700 } },
        ] as const
      ) {
        const { page, incidents } = await visit(browser, path, options);
        assertEquals(await page.locator("tbody .chip").allInnerTexts(), ["better", "same"]);
        await page.locator("summary").first().click();
        assertEquals(await page.locator("details[open] tbody tr").count(), 3);
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run()");
        assertEquals(violations.map(({ id, nodes }) => [id, nodes[0]?.html]), []);
        assert(passes.length > 10);
        assertEquals(incidents, []);
        assert(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
      }
    } finally {
      await Deno.remove(path);
    }
  },
);
