/**
 * Brings the page to life. Runs in the browser: see `script.ts`.
 *
 * @module
 */
import type { PageData, PageItem } from "./data.ts";
import { itemDetail } from "./detail.ts";
import type { PageElement } from "./dom.ts";
import { button, byId, count, make } from "./elements.ts";
import { itemHead, itemLine } from "./item_table.ts";
import { outcomeOf, type Selection, selectItems } from "./select_items.ts";
import { errorList, evaluationTable, gateList } from "./summary.ts";

/** Reads the data and shows it. */
export function start(): void {
  const data: PageData = JSON.parse(byId("data").textContent ?? "");
  const names = [...new Set(data.items.flatMap(({ scores }) => scores.map(({ name }) => name)))];
  const total = data.evaluations.reduce((sum, { completed }) => sum + completed, 0);
  const perPage = 100;
  let selection: Selection = {
    search: "",
    evaluation: "",
    outcome: "",
    errors: "",
    sort: "position",
    descending: false,
  };
  let found: readonly PageItem[] = [];
  let page = 0;

  function change(part: Partial<Selection>): void {
    selection = { ...selection, ...part };
    page = 0;
    found = selectItems(data, selection);
    show();
  }

  function show(): void {
    const first = page * perPage;
    const lines = found.slice(first, first + perPage);
    const sortBy = (sort: string) =>
      change({ sort, descending: selection.sort === sort && !selection.descending });
    byId("head").replaceChildren(itemHead(names, { selection, sortBy, open }));
    byId("lines").replaceChildren(
      ...lines.map((item, at) => itemLine(item, { data, names, index: first + at, open })),
    );
    const range = found.length === 0
      ? "No items"
      : `Items ${count(first + 1)} to ${count(first + lines.length)} of ${count(found.length)}`;
    byId("range").textContent = range;
    byId("errors-only").hidden = selection.errors === "";
    previous.disabled = page === 0;
    next.disabled = first + perPage >= found.length;
  }

  function open(index: number): void {
    const item = found[index];
    if (item === undefined) return;
    byId("detail-title").textContent = `Item ${item.position}`;
    byId("detail-parts").replaceChildren(...itemDetail(item, data));
    const step = (text: string, to: number) => {
      const made = button(text, () => open(to));
      made.disabled = found[to] === undefined;
      return made;
    };
    const close = button("Close", () => byId("detail").close());
    byId("detail-steps").replaceChildren(
      step("Previous item", index - 1),
      step("Next item", index + 1),
      close,
    );
    byId("detail").close();
    byId("detail").showModal();
    close.focus();
  }

  function turn(by: number): void {
    page += by;
    show();
  }
  const previous = button("Previous page", () => turn(-1));
  const next = button("Next page", () => turn(1));
  byId("pages").append(previous, next);
  const back = button("Show all again", () => change({ errors: "" }));
  byId("errors-only").append("Only errors of one kind are shown. ", back);
  byId("experiment").textContent = data.experiment;
  byId("evaluations").append(evaluationTable(data));
  byId("gates").append(...gateList(data));
  byId("gates-part").hidden = data.gates.length === 0;
  byId("errors").append(...errorList(data, (errors) => change({ errors })));
  byId("errors-part").hidden = data.errors.length === 0;
  byId("part").textContent = data.items.length < total
    ? `This file holds ${count(data.items.length)} of ${count(total)} items: those with errors ` +
      "first, then the first of each evaluation. Counts and metrics are of all."
    : "";
  const evaluation = byId("evaluation");
  evaluation.append(
    ...data.evaluations.map(({ label }, at) => make("option", { value: String(at) }, label)),
  );
  const outcome = byId("outcome");
  outcome.append(...outcomeOptions(data));
  const search = byId("search");
  search.addEventListener("input", () => change({ search: search.value }));
  evaluation.addEventListener("change", () => change({ evaluation: evaluation.value }));
  outcome.addEventListener("change", () => change({ outcome: outcome.value }));
  change({});
}

/** Errors, and each value of a score where there are few. */
export function outcomeOptions({ items }: PageData): readonly PageElement[] {
  const values = new Map<string, Set<string>>();
  for (const score of items.flatMap(({ scores }) => scores)) {
    const known = values.get(score.name) ?? new Set();
    if (known.size <= 10) values.set(score.name, known.add(outcomeOf(score)));
  }
  const few = [...values].filter(([, known]) => known.size <= 10);
  return [
    make("option", { value: "error" }, "ended with an error"),
    ...few.flatMap(([name, known]) =>
      [...known].sort().map((value) =>
        make("option", { value }, `${name}: ${JSON.parse(value)[1]}`)
      )
    ),
  ];
}
