/**
 * JSON that does no harm where it is printed.
 *
 * @module
 */

// Raw in JSON, these could still change what a terminal shows, or be obeyed by a CI service.
const UNSAFE = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]|##(?=(?:vso|teamcity)?\[)/gi;

/** The same JSON, with what a terminal or the log of a CI service would obey as escapes. */
export function safeJson(json: string): string {
  return json.replace(UNSAFE, (found) => found === "##" ? "#\\u0023" : escaped(found));
}

/** The same JSON, such that it may stand inside `<script>`. */
export function scriptJson(json: string): string {
  return safeJson(json).replace(/[<>&]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
