/**
 * Which items the page shows, and in which order. Runs in the browser: see `script.ts`.
 *
 * @module
 */
import type { PageData, PageItem, PageScore } from "./data.ts";

/** What a reader asked for. */
export interface Selection {
  readonly search: string;
  /** An evaluation's place, as text; all without it. */
  readonly evaluation: string;
  /** `error`, or a score's name and value as JSON; all without it. */
  readonly outcome: string;
  /** A kind of error: its evaluation, name and message as JSON. */
  readonly errors: string;
  /** `position`, `row`, `response`, `durationMs`, or a score behind `score:`. */
  readonly sort: string;
  readonly descending: boolean;
}

/** The items that are asked for, in order. */
export function selectItems(data: PageData, selection: Selection): readonly PageItem[] {
  const { search, evaluation, outcome, errors, sort, descending } = selection;
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = data.items.filter((item) =>
    (evaluation === "" || String(item.evaluation) === evaluation) &&
    hasOutcome(item, outcome) &&
    (errors === "" || errorsOf(item) === errors) &&
    words.every((word) => textsOf(item).includes(word))
  );
  return found.sort((a, b) => {
    const order = compare(sortedBy(a, sort), sortedBy(b, sort));
    const place = a.evaluation - b.evaluation || a.position - b.position || a.repeat - b.repeat;
    return (descending ? -order : order) || place;
  });
}

/** The kind of an item's error. */
export function errorsOf({ evaluation, error }: PageItem): string {
  return error === undefined ? "" : JSON.stringify([evaluation, error.name, error.message]);
}

/** A score as an outcome that can be asked for. */
export function outcomeOf({ name, value }: PageScore): string {
  return JSON.stringify([name, value]);
}

/** Whether an item ended as asked for. */
export function hasOutcome(item: PageItem, outcome: string): boolean {
  if (outcome === "") return true;
  if (outcome === "error") return item.error !== undefined;
  return item.scores.some((score) => outcomeOf(score) === outcome);
}

/** What is searched. */
export function textsOf({ row, prompt, response, error, scores, key }: PageItem): string {
  const values = scores.map(({ name, value }) => `${name}: ${value}`);
  return [row, prompt, response, error?.name, error?.message, key, ...values].join("\n")
    .toLowerCase();
}

/** What an item is sorted by. */
export function sortedBy(item: PageItem, sort: string): boolean | number | string | undefined {
  if (sort === "row" || sort === "response" || sort === "durationMs") return item[sort];
  if (!sort.startsWith("score:")) return 0;
  return item.scores.find(({ name }) => name === sort.slice("score:".length))?.value;
}

/** What is not there stands first, so that a click shows errors first or last. */
export function compare(
  a: boolean | number | string | undefined,
  b: boolean | number | string | undefined,
): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return typeof a < typeof b ? -1 : 1;
}
