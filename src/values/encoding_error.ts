/**
 * Why a value cannot be stored, or a stored text not read.
 *
 * @module
 */

/**
 * A value that has no stored form, or a text that is none; the message names the place.
 *
 * Thrown for functions, symbols, values that contain themselves, and values nested deeper
 * than 1,000 levels.
 */
export class EncodingError extends Error {
  /** Where in the value, from the outside in: `row.metadata.self`. */
  readonly path: string;

  /** Makes an error from a message and the place that it is about. */
  constructor(message: string, path: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "EncodingError";
    this.path = path;
  }
}
