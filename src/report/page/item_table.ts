/**
 * The page's table of items. Runs in the browser: see `script.ts`.
 *
 * @module
 */
import type { PageData, PageItem, PageScore } from "./data.ts";
import type { PageElement } from "./dom.ts";
import { button, make } from "./elements.ts";
import type { Selection } from "./select_items.ts";

/** How the table is shown, and what its buttons do. */
export interface ItemTableOptions {
  readonly selection: Selection;
  sortBy(column: string): void;
  open(index: number): void;
}

/** The head: each title sorts. */
export function itemHead(
  names: readonly string[],
  { selection, sortBy }: ItemTableOptions,
): PageElement {
  const columns = [
    ["position", "item"],
    ["row", "row"],
    ["response", "response or error"],
    ...names.map((name) => [`score:${name}`, name]),
    ["durationMs", "ms"],
  ] as const;
  return make(
    "tr",
    {},
    ...columns.map(([column, title = ""]) => {
      const isSorted = selection.sort === column;
      const order = selection.descending ? "descending" : "ascending";
      return make(
        "th",
        { scope: "col", "aria-sort": isSorted ? order : "none" },
        button(
          `${title}${isSorted ? selection.descending ? " ▼" : " ▲" : ""}`,
          () => sortBy(column ?? ""),
        ),
      );
    }),
  );
}

/** A line of the table. */
export function itemLine(
  item: PageItem,
  { data, names, index, open }: {
    readonly data: PageData;
    readonly names: readonly string[];
    readonly index: number;
    readonly open: (index: number) => void;
  },
): PageElement {
  const { position, repeat, row, response, error, scores, durationMs } = item;
  const label = data.evaluations[item.evaluation]?.label ?? "";
  const place = `${position}${repeat > 0 ? `.${repeat}` : ""}`;
  const many = data.evaluations.length > 1;
  return make(
    "tr",
    {},
    make(
      "th",
      { scope: "row" },
      button(place, () => open(index), `Open item ${place} of ${label}`),
      ...many ? [" ", make("span", { class: "dim" }, label)] : [],
    ),
    make("td", { class: "text" }, excerpt(row)),
    error === undefined
      ? make("td", { class: "text" }, excerpt(response ?? ""))
      : make("td", { class: "text bad" }, excerpt(`${error.name}: ${error.message}`)),
    ...names.map((name) => {
      const own = scores.filter((score) => score.name === name);
      return make("td", {}, ...own.map(({ value }) => scoreChip(value)));
    }),
    make("td", { class: "number" }, durationMs.toFixed(0)),
  );
}

/** A score's value, painted where it says yes or no. */
export function scoreChip(value: PageScore["value"]): PageElement {
  const kind = value === true ? " good" : value === false ? " bad" : "";
  const sign = value === true ? "✓ " : value === false ? "✗ " : "";
  return make("span", { class: `chip${kind}` }, sign + excerpt(String(value)));
}

/** As much of a text as a cell shows, on one line. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
