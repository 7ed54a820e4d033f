/**
 * The page around its data.
 *
 * @module
 */
import { pageHead } from "./page_head.ts";
import { pageScript } from "./script.ts";

/** What stands before the data, which is JSON that may stand inside `<script>`. */
export function pageStart(): string {
  return `${pageHead({ title: "dotevals report", script: pageScript() })}
<body>
<main>
<h1>Experiment <span id="experiment"></span></h1>
<noscript><p>This report is made by a script that it holds itself. It asks no server for anything.</p></noscript>
<div id="evaluations" class="scroll" tabindex="0" role="region" aria-label="Evaluations"></div>
<section id="gates-part" aria-labelledby="gates-title">
<h2 id="gates-title">Gates</h2>
<ul id="gates"></ul>
</section>
<section id="errors-part" aria-labelledby="errors-title">
<h2 id="errors-title">Errors</h2>
<ul id="errors"></ul>
</section>
<section aria-labelledby="items-title">
<h2 id="items-title">Items</h2>
<p id="part" class="dim"></p>
<div class="controls">
<div><label for="search">Search</label><input id="search" type="search"></div>
<div><label for="evaluation">Evaluation</label><select id="evaluation"><option value="">all</option></select></div>
<div><label for="outcome">Outcome</label><select id="outcome"><option value="">all</option></select></div>
<span id="pages"></span>
</div>
<p id="errors-only" hidden></p>
<p id="range" role="status"></p>
<div class="scroll" tabindex="0" role="region" aria-label="Table of items">
<table><caption>Items; a title sorts by its column</caption>
<thead id="head"></thead><tbody id="lines"></tbody></table>
</div>
</section>
</main>
<dialog id="detail" aria-labelledby="detail-title">
<h2 id="detail-title"></h2>
<p id="detail-steps"></p>
<div id="detail-parts"></div>
</dialog>
<script id="data" type="application/json">`;
}

/** What stands behind the data. */
export function pageEnd(): string {
  return `</script>
<script>${pageScript()}</script>
</body>
</html>
`;
}
