/**
 * How the page looks, in light and in dark.
 *
 * @module
 */

/** The style sheet. Texts of others never leave their place: they are cut, and isolated. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --dim: #59636e; --line: #d1d9e0; --soft: #f4f6f8;
  --good: #116329; --good-back: #dafbe1; --bad: #a40e26; --bad-back: #ffebe9; --accent: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --ink: #e6edf3; --dim: #9198a1; --line: #3d444d; --soft: #161b22;
    --good: #7ee787; --good-back: #12261e; --bad: #ffa198; --bad-back: #2d1215; --accent: #79c0ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 110rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif;
}
h1, h2, h3, p { overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; } h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--dim); }
th, td {
  border-bottom: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: left; vertical-align: top;
  overflow: hidden; overflow-wrap: anywhere; unicode-bidi: isolate;
}
th { font-weight: 600; }
thead th { background: var(--soft); white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.text, pre { font: 13px/1.45 ui-monospace, monospace; unicode-bidi: isolate; }
td.text { max-width: 36rem; }
pre {
  margin: 0; padding: 0.6rem; background: var(--soft); border: 1px solid var(--line);
  overflow: auto; max-height: 24rem; white-space: pre-wrap; overflow-wrap: anywhere;
}
.dim { color: var(--dim); font-weight: 400; overflow-wrap: anywhere; }
.bad { color: var(--bad); }
.chip {
  display: inline-block; padding: 0 0.5rem; border-radius: 1rem; border: 1px solid var(--line);
  background: var(--soft); font-size: 13px; max-width: 16rem; overflow: hidden;
}
.chip.good { color: var(--good); background: var(--good-back); }
.chip.bad { color: var(--bad); background: var(--bad-back); }
button, input, select {
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  border-radius: 0.35rem; padding: 0.15rem 0.6rem; max-width: 100%;
}
button { cursor: pointer; color: var(--accent); }
button + button { margin-left: 0.5rem; }
button:disabled { color: var(--dim); cursor: default; }
thead button { border: 0; background: none; padding: 0; font-weight: 600; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.controls { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin: 0.75rem 0; }
.controls div { display: grid; min-width: 12rem; }
.controls label { color: var(--dim); font-size: 13px; }
#gates, #errors { padding-left: 0; list-style: none; }
#gates li, #errors li { margin: 0.3rem 0; overflow: hidden; }
dialog {
  width: min(70rem, 96vw); max-height: 92vh; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 0.5rem;
}
dialog::backdrop { background: rgb(0 0 0 / 50%); }
dialog h2 { margin: 0; }
[hidden] { display: none; }
`;
