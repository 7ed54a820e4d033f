/**
 * How every page begins: nothing in it may come from anywhere else.
 *
 * @module
 */
import { hash } from "node:crypto";
import { PAGE_STYLE } from "./style.ts";

/** What a page is called, and what it runs. */
export interface PageHeadOptions {
  readonly title: string;
  /** The one script that may run; none without it. */
  readonly script?: string;
}

/** The document up to its body. */
export function pageHead({ title, script }: PageHeadOptions): string {
  const policy = [
    "default-src 'none'",
    ...script === undefined ? [] : [`script-src '${digest(script)}'`],
    `style-src '${digest(PAGE_STYLE)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>`;
}

function digest(text: string): string {
  return `sha256-${hash("sha256", text, "base64")}`;
}
