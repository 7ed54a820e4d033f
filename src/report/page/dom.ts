/**
 * As much of the browser as the page needs: the library's own types are Deno's, which have no
 * document.
 *
 * @module
 */

/** An element of the page. */
export interface PageElement {
  textContent: string | null;
  value: string;
  hidden: boolean;
  disabled: boolean;
  append(...children: readonly (PageElement | string)[]): void;
  replaceChildren(...children: readonly (PageElement | string)[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: () => void): void;
  focus(): void;
  /** Of a dialog. */
  showModal(): void;
  /** Of a dialog. */
  close(): void;
}

/** The page. */
export interface PageDocument {
  title: string;
  createElement(name: string): PageElement;
  getElementById(id: string): PageElement | null;
}
