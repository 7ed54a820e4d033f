/**
 * Colours, or none.
 *
 * `@std/fmt/colors` asks the environment once for the whole process; here each output
 * decides for itself.
 *
 * @module
 */

/** Paints text; gives it back as it is where there is no colour. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** The style of an output with or without colour. */
export function styleOf(color: boolean): Style {
  return {
    bold: painter(1, 22, color),
    dim: painter(2, 22, color),
    red: painter(31, 39, color),
    green: painter(32, 39, color),
    yellow: painter(33, 39, color),
    cyan: painter(36, 39, color),
  };
}

function painter(open: number, close: number, color: boolean): (text: string) => string {
  return color ? (text) => text === "" ? "" : `\x1b[${open}m${text}\x1b[${close}m` : (text) => text;
}
