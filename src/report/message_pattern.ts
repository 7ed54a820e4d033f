/**
 * What messages of errors have in common that differ in numbers and names only.
 *
 * @module
 */

const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** Letters and digits in one, such as `req_8f2k1`, `0x7ffe12` or a digest. */
const IDENTIFIER = /\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{8,}\b/gi;

const NUMBER = /\d[\d.,:_]*\d|\d/g;

/** An HTTP status says what kind of error it is. */
const STATUS = /^[45]\d\d$/;

/**
 * The message with `‹id›` and `‹n›` in the place of identifiers and numbers: messages with the same
 * pattern tell of the same error. A status such as 429 stays.
 */
export function messagePattern(message: string): string {
  return message
    .replace(UUID, "‹id›")
    .replace(IDENTIFIER, "‹id›")
    .replace(NUMBER, (number) => STATUS.test(number) ? number : "‹n›");
}
