/**
 * Text as XML can hold it.
 *
 * @module
 */
import { plainText } from "./plain_text.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\n": "&#10;",
};

/**
 * The text for an element, its lines kept. XML has no form for most control characters: they are
 * escapes that people can read, as on a terminal.
 */
export function xmlText(text: string): string {
  return markedUp(text, /[&<>]/g);
}

/** The text for an attribute in quotes. */
export function xmlAttribute(text: string): string {
  return markedUp(text, /[&<>"'\n]/g);
}

function markedUp(text: string, special: RegExp): string {
  return plainText(text)
    // XML allows neither, and `plain` has no quarrel with them.
    .replace(/[\ufffe\uffff]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replace(special, (character) => ENTITIES[character] ?? character);
}
