/**
 * The way from the outermost value to the one being encoded: finds cycles, names places.
 *
 * @module
 */
import { EncodingError } from "./encoding_error.ts";

/** Values may be nested so deep; a recursion stays far from the end of the stack. */
export const MAX_DEPTH = 1_000;

/** One object or array that is being encoded, and which part of it. */
export interface Frame {
  readonly outer: Frame | undefined;
  readonly value: object | undefined;
  readonly depth: number;
  /** The part being encoded now; the root's name in the outermost frame; none for the whole. */
  key: string | number | undefined;
}

/** The frame that everything begins in; `name` is what paths call the whole value. */
export function rootFrame(name: string): Frame {
  return { outer: undefined, value: undefined, depth: 0, key: name };
}

/**
 * Enters an object that stands at `frame`'s current key.
 *
 * @throws {EncodingError} if it contains itself, or is nested too deep
 */
export function enter(frame: Frame, value: object): Frame {
  for (let outer: Frame | undefined = frame; outer; outer = outer.outer) {
    if (outer.value === value) {
      const path = pathOf(frame);
      throw new EncodingError(
        `${path} cannot be stored: it is ${
          pathOf(outer.outer)
        } again, so the value contains itself.`,
        path,
      );
    }
  }
  if (frame.depth >= MAX_DEPTH) {
    const path = shorten(pathOf(frame));
    throw new EncodingError(
      `${path} cannot be stored: it is nested deeper than ${MAX_DEPTH} levels.`,
      path,
    );
  }
  return { outer: frame, value, depth: frame.depth + 1, key: undefined };
}

/** The error for something that has no stored form, such as a function. */
export function unstorable(frame: Frame, what: string): EncodingError {
  const path = pathOf(frame);
  return new EncodingError(`${path} cannot be stored: it is ${what}.`, path);
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The place of a frame's current part: `row.metadata["a b"][3]`. */
export function pathOf(frame: Frame | undefined): string {
  const steps: string[] = [];
  for (let at = frame; at; at = at.outer) {
    if (at.key === undefined) continue;
    if (at.outer === undefined) steps.push(String(at.key));
    else if (typeof at.key === "number") steps.push(`[${at.key}]`);
    else if (IDENTIFIER.test(at.key)) steps.push(`.${at.key}`);
    else steps.push(`[${JSON.stringify(at.key)}]`);
  }
  return steps.reverse().join("");
}

function shorten(path: string): string {
  return path.length > 120 ? `${path.slice(0, 80)}…${path.slice(-30)}` : path;
}
