/**
 * Numbers as people write them.
 *
 * @module
 */

/** What a number's text may have beside digits. */
export interface NumberNotation {
  /**
   * Whether a currency's sign or code may stand before or behind (`$5`, `-5 €`, `USD 5`); it is left out.
   *
   * @default {false}
   */
  readonly currency?: boolean;
  /**
   * What a percent sign means: `fraction` makes `45%` 0.45, `ignore` makes it 45; without it, a text with
   * one is no number.
   *
   * @default {false}
   */
  readonly percent?: "fraction" | "ignore" | false;
  /**
   * Whether fractions are numbers: `3/4`, `-1 1/2`, `½`.
   *
   * @default {false}
   */
  readonly fractions?: boolean;
}

const GROUPED = /^([+-]?)(\d{1,3}(?:([, ])\d{2,3}(?:\3\d{2,3})*)?|\d+)((?:\.\d*)?(?:e[+-]?\d+)?)$/i;
const BARE_DECIMALS = /^[+-]?\.\d+(?:e[+-]?\d+)?$/i;
const CURRENCY = /^([+-]?)\s*(?:\p{Sc}|[A-Z]{3}\b)\s*|\s{0,3}(?:\p{Sc}|\b[A-Z]{3})$/u;
const FRACTION = /^([+-]?)(?:(\d+) +)?(\d+) ?[/\u2044] ?(\d+)$/;

/** The number as a `bigint` where it is whole, else as a double; `undefined` where it is none. */
export function parseNumber(
  value: string | number | bigint | null | undefined,
  notation: NumberNotation = {},
): bigint | number | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return whole(value);
  if (typeof value !== "string") return undefined;
  const text = value.trim().replace(/^\u2212/, "-").replace(/[\u00a0\u2009\u202f]/g, " ");
  const bare = notation.currency === true ? text.replace(CURRENCY, "$1") : text;
  if (!bare.endsWith("%")) return parsePlain(bare, notation);
  const { percent = false } = notation;
  if (percent === false) return undefined;
  const number = parsePlain(bare.slice(0, -1).trimEnd(), notation);
  return number === undefined || percent === "ignore" ? number : whole(Number(number) / 100);
}

function parsePlain(
  text: string,
  { fractions = false }: NumberNotation,
): bigint | number | undefined {
  if (BARE_DECIMALS.test(text)) return whole(Number(text));
  if (fractions && /[/\u2044\u00bc-\u00be\u2150-\u215e]/.test(text)) return parseFraction(text);
  const [, sign, digits, separator, rest] = GROUPED.exec(text) ?? [];
  if (digits === undefined) return undefined;
  if (separator !== undefined && !/\d{3}$/.test(digits)) return undefined;
  const plain = digits.replaceAll(/[, ]/g, "");
  if (rest === "") return BigInt(plain) * (sign === "-" ? -1n : 1n);
  return whole(Number(`${sign}${plain}${rest}`));
}

function parseFraction(text: string): bigint | number | undefined {
  // "1½" becomes "1 1⁄2".
  const spelled = text.replace(
    /[\u00bc-\u00be\u2150-\u215e]/,
    (sign) => ` ${sign.normalize("NFKC")}`,
  );
  const [, sign, units = "0", above, below] = FRACTION.exec(spelled.replace(/^([+-]?) +/, "$1")) ??
    [];
  if (above === undefined || Number(below) === 0) return undefined;
  return whole((Number(units) + Number(above) / Number(below)) * (sign === "-" ? -1 : 1));
}

function whole(value: number): bigint | number | undefined {
  if (Number.isNaN(value)) return undefined;
  return Number.isInteger(value) ? BigInt(value) : value;
}
