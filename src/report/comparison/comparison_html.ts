/**
 * A comparison as a page of its own, which asks no server for anything and runs no script.
 *
 * @module
 */
import { valueText } from "../numbers.ts";
import { pageHead } from "../page/page_head.ts";
import { plain } from "../plain_text.ts";
import { xmlText } from "../xml_text.ts";
import type { ComparedPair, ComparedScore, Comparison } from "./comparison.ts";
import { aloneText, meaning, rowSentences, scoreSentences, sideText } from "./comparison_words.ts";
import { pText, rangeText, signedText, testText } from "./figure_text.ts";
import { type FlipGroup, flipGroups } from "./flip_lines.ts";

/** The text of `compare --html`. */
export function comparisonHtml({ pairs, alone, tests }: Comparison): string {
  return `${pageHead({ title: "dotevals comparison" })}
<body>
<main>
<h1>Comparison</h1>
${pairs.map((pair) => pairHtml(pair)).join("\n")}
${alone.length === 0 ? "" : paragraph(`Without a counterpart: ${alone.map(aloneText).join("; ")}.`)}
<p class="dim">${xmlText(meaning(tests))}</p>
</main>
</body>
</html>
`;
}

function pairHtml(pair: ComparedPair): string {
  const { first, second, scores, notCompared } = pair;
  return `<section>
<h2>A: ${xmlText(sideText(first))}<br>B: ${xmlText(sideText(second))}</h2>
${rowSentences(pair).map(paragraph).join("\n")}
${scores.length === 0 ? "" : scoreTable(scores)}
${scores.map(scoreHtml).join("\n")}
${notCompared.length === 0 ? "" : paragraph(`Not compared: ${notCompared.map(plain).join(", ")}.`)}
</section>`;
}

function scoreTable(scores: readonly ComparedScore[]): string {
  const titles = ["A", "B", "B − A", "95% interval", "p"];
  const rows = scores.map((score) =>
    `<tr><th scope="row">${xmlText(plain(score.score))}</th><td><span class="chip ${
      chipOf(score)
    }">${score.verdict}</span></td>${
      [
        valueText(score.first),
        valueText(score.second),
        signedText(score.difference),
        rangeText(score.interval),
        pText(score.adjustedP),
      ].map((text) => `<td class="number">${xmlText(text)}</td>`).join("")
    }</tr>`
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="Scores"><table>
<thead><tr><th scope="col">score</th><th scope="col">B is</th>${
    titles.map((title) => `<th scope="col" class="number">${title}</th>`).join("")
  }</tr></thead>
<tbody>${rows.join("\n")}</tbody>
</table></div>`;
}

function chipOf({ verdict }: ComparedScore): string {
  return verdict === "better" ? "good" : verdict === "worse" ? "bad" : "";
}

function scoreHtml(score: ComparedScore): string {
  return `<h3>${xmlText(plain(score.score))}</h3>
${scoreSentences(score).map(paragraph).join("\n")}
<p class="dim">Tested with ${xmlText(testText(score))}.</p>
${flipGroups(score).map(groupHtml).join("\n")}`;
}

function groupHtml({ title, flips }: FlipGroup): string {
  const rows = flips.map(({ title, row, first, second }) =>
    `<tr><td>${xmlText(title)}</td>${
      [row, first, second].map((text) => `<td class="text">${xmlText(text)}</td>`).join("")
    }</tr>`
  );
  return `<details><summary>${xmlText(title)}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="${xmlText(title)}"><table>
<thead><tr><th scope="col">row</th><th scope="col">is</th><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody>${rows.join("\n")}</tbody>
</table></div></details>`;
}

function paragraph(text: string): string {
  return `<p>${xmlText(text)}</p>`;
}
