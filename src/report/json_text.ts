/**
 * JSON that does no harm where it is printed.
 *
 * @module
 */

import { UNSAFE_CHARACTERS } from "./plain_text.ts";

// Raw in JSON, these could still change what a terminal shows.
const UNSAFE = new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu");

/** The accents above the eighth on one letter. */
const MARKS = /(?<=\p{M}{8})\p{M}/gu;

/** What CI services obey wherever it stands in a log. */
const HASHES = /##(?=(?:vso|teamcity)?\[)/gi;

/** The same JSON, with what a terminal or the log of a CI service would obey as escapes. */
export function safeJson(json: string): string {
  return json.replace(UNSAFE, escaped).replace(MARKS, escaped).replace(HASHES, "#\\u0023");
}

/** The same JSON, such that it may stand inside `<script>`. */
export function scriptJson(json: string): string {
  return safeJson(json).replace(/[<>&]/g, escaped);
}

function escaped(characters: string): string {
  const units = Array.from({ length: characters.length }, (_, at) => characters.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
