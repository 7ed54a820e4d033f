import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { encode } from "../../values/tagged.ts";
import type { Filling } from "../testing/filled_storage.ts";
import { comparisonHtml } from "./comparison_html.ts";
import { comparisonJson } from "./comparison_json.ts";
import { comparisonLines } from "./comparison_lines.ts";
import { comparisonMarkdown } from "./comparison_markdown.ts";
import { cavo, compare, type Draft, failed, MODELS, row, rows } from "./testing/compared.ts";

Deno.test("on 80 columns the table says at first sight what is better, and nothing is wider", async () => {
  const comparison = await compare({
    before: rows(40, (n) => n > 30),
    after: rows(40, (n) => n > 9),
  });
  const text = comparisonLines(comparison, { columns: 80, color: false });
  assertEquals(text.slice(0, 9), [
    "A  before: sums",
    "B  after: sums",
    "40 rows in both.",
    "",
    "score  B is        A      B   B − A      95% interval       p",
    "right  better  0.225  0.750  +0.525  +0.375 to +0.671  <0.001",
    "",
    "right",
    "  B is better by 0.525; B − A is likely +0.375 to +0.671.",
  ]);
  assert(text.every((line) => line.length <= 80), text.join("\n"));
  for (const columns of [40, 20]) {
    const narrow = comparisonLines(comparison, { columns, color: false });
    assert(narrow.every((line) => line.length <= columns), narrow.join("\n"));
  }
});

const HOSTILE = "\x1b[2J\u202e</td><script>alert(1)</script>|`[x](http://a)\n::error::x";

Deno.test("texts of models do no harm in any output", async () => {
  const name = `right${HOSTILE}`;
  const hostile = (value: boolean): Draft => ({
    ...row(1, value),
    row: encode(HOSTILE),
    response: encode(HOSTILE),
    scores: [{ name, value, metadata: undefined }],
  });
  const comparison = await compare({
    [`a${HOSTILE}`]: [{
      name: `s${HOSTILE}`,
      variant: { model: HOSTILE },
      records: [hostile(true)],
    }],
    b: [{ name: `s${HOSTILE}`, variant: { model: HOSTILE }, records: [hostile(false)] }],
  });
  const texts = [
    comparisonLines(comparison, { columns: 80, color: false }).join("\n"),
    comparisonMarkdown(comparison),
    comparisonHtml(comparison),
    comparisonJson(comparison),
  ];
  for (const text of texts) assert(!/[^\P{Cc}\n]|\u202e/u.test(text), text);
  const [, markdown = "", html = "", json = ""] = texts;
  assert(!html.includes("<script") && html.includes("&lt;script&gt;"));
  for (const line of markdown.split("\n").filter((line) => line.startsWith("|"))) {
    assert([6, 9].includes(line.split("|").length), line);
  }
  assertEquals(JSON.parse(json).comparisons[0].scores[0].score, name);
});

Deno.test("the JSON is what its schema says, with and without numbers", async () => {
  const url = new URL("../../../docs/schema/compare.schema.json", import.meta.url);
  const schema = JSON.parse(await Deno.readTextFile(url));
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  const other: Filling = { name: "other", records: rows(2, () => true) };
  const comparisons = [
    await compare({ before: cavo("first"), after: cavo("second") }),
    await compare({ before: rows(1, () => 0), after: rows(1, () => 1) }),
    await compare({ before: [failed(1)], after: [row(1, true)] }),
    await compare({ x: [...MODELS, other], y: MODELS }),
  ];
  for (const comparison of comparisons) {
    assert(validate(JSON.parse(comparisonJson(comparison))), JSON.stringify(validate.errors));
  }
});
