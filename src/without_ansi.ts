/**
 * Text that programs wrote for a terminal, as text alone.
 *
 * @module
 */

// Colours and cursor movements (CSI), and links and titles (OSC), in both of their spellings.
const ANSI =
  // deno-lint-ignore no-control-regex -- control sequences are what this is about
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/g;

/** The text without the control sequences that programs put into it for a terminal. */
export function withoutAnsi(text: string): string {
  return text.replace(ANSI, "");
}
