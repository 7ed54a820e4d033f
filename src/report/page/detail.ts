/**
 * An item's full story. Runs in the browser: see `script.ts`.
 *
 * @module
 */
import type { PageData, PageItem } from "./data.ts";
import type { PageElement } from "./dom.ts";
import { make } from "./elements.ts";
import { scoreChip } from "./item_table.ts";

/** What is known of an item, part by part. */
export function itemDetail(item: PageItem, { evaluations }: PageData): readonly PageElement[] {
  const { error, scores, calls, attempts, durationMs, key, repeat } = item;
  const label = evaluations[item.evaluation]?.label ?? "";
  const tries = attempts > 1 ? `, ${attempts} attempts` : "";
  const again = repeat > 0 ? `, repeat ${repeat}` : "";
  return [
    make("p", { class: "dim" }, `${label}${again}, ${durationMs} ms${tries}, key ${key}`),
    ...part("Row", inLines(item.row)),
    ...part("Prompt", item.prompt),
    ...part("Response", item.response),
    ...error ? part("Error", `${error.name}: ${error.message}`) : [],
    ...part("Stack", error?.stack),
    ...scores.length === 0 ? [] : [
      make("h3", {}, "Scores"),
      make(
        "ul",
        {},
        ...scores.map((score) =>
          make(
            "li",
            {},
            `${score.name} `,
            scoreChip(score.value),
            ...score.metadata === undefined ? [] : [make("pre", {}, score.metadata)],
          )
        ),
      ),
    ],
    ...part("Metadata", item.metadata),
    ...calls.length === 0 ? [] : [
      make("h3", {}, "Calls"),
      ...calls.flatMap(({ title, request, response }) => [
        make("p", {}, title),
        ...[request, response].flatMap((text) => text === undefined ? [] : [make("pre", {}, text)]),
      ]),
    ],
  ];
}

/** JSON over several lines; what is cut or escaped is no JSON any more, and stays as it is. */
export function inLines(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A title with a text under it; nothing without a text. */
export function part(title: string, text: string | undefined): readonly PageElement[] {
  return text === undefined ? [] : [make("h3", {}, title), make("pre", {}, text)];
}
