/**
 * The page's tables of evaluations and of errors. Runs in the browser: see `script.ts`.
 *
 * @module
 */
import type { PageData } from "./data.ts";
import type { PageElement } from "./dom.ts";
import { button, count, make } from "./elements.ts";

/** A line per evaluation, with a column for each metric. */
export function evaluationTable({ evaluations }: PageData): PageElement {
  const names = [
    ...new Set(evaluations.flatMap(({ metrics }) => metrics.map(({ name }) => name))),
  ];
  const numbers = ["items", "errors", ...names, "tokens", "cost"];
  const title = (text: string, style: string) => make("th", { scope: "col", class: style }, text);
  const rows = evaluations.map((evaluation) => {
    const { label, status, items, completed, errors, metrics, tokens, cost } = evaluation;
    const values = names.map((wanted) => metrics.find(({ name }) => name === wanted)?.text ?? "");
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, label),
      make("td", {}, status),
      make("td", { class: "number" }, `${count(completed)}/${count(items)}`),
      make("td", { class: errors > 0 ? "number bad" : "number" }, count(errors)),
      ...[...values, tokens, cost].map((text) => make("td", { class: "number" }, text)),
    );
  });
  return make(
    "table",
    {},
    make("caption", {}, "Evaluations"),
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        ...["evaluation", "status"].map((text) => title(text, "")),
        ...numbers.map((text) => title(text, "number")),
      ),
    ),
    make("tbody", {}, ...rows),
  );
}

/** A line per gate. */
export function gateList({ gates }: PageData): readonly PageElement[] {
  return gates.map(({ gate, passed, reason }) =>
    make(
      "li",
      {},
      make("span", { class: `chip ${passed ? "good" : "bad"}` }, passed ? "✓ passed" : "✗ failed"),
      " ",
      make("span", { class: "text" }, gate),
      " ",
      make("span", { class: "dim" }, reason),
    )
  );
}

/** A line per kind of error; pressing it shows its items. */
export function errorList(
  { errors, evaluations }: PageData,
  show: (errors: string) => void,
): readonly PageElement[] {
  return errors.map(({ evaluation, name, message, count: times }) =>
    make(
      "li",
      {},
      button(`${count(times)} ×`, () => show(JSON.stringify([evaluation, name, message]))),
      " ",
      make("span", { class: "text" }, `${name}: ${message}`),
      " ",
      make("span", { class: "dim" }, evaluations[evaluation]?.label ?? ""),
    )
  );
}
