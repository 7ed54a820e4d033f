/**
 * Makes elements of the page. Runs in the browser: see `script.ts`.
 *
 * @module
 */
import type { PageDocument, PageElement } from "./dom.ts";

declare const document: PageDocument;

/** An element with attributes and children; texts are texts, whatever is in them. */
export function make(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (PageElement | string)[]
): PageElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A button that does something. */
export function button(text: string, act: () => void, label?: string): PageElement {
  const element = make("button", { type: "button", ...label && { "aria-label": label } }, text);
  element.addEventListener("click", act);
  return element;
}

/** An element that the document has from the start. */
export function byId(id: string): PageElement {
  const element = document.getElementById(id);
  if (element === null) throw new TypeError(`The page has no ${id}.`);
  return element;
}

/** A count with thousands set apart. */
export function count(value: number): string {
  return value.toLocaleString("en");
}
