/**
 * Splits a JSON document into the elements of one of its arrays, as it comes.
 *
 * Our own, not a parser of streams such as `@streamparser/json`: those end at the first element that is wrong, where
 * only that row should be lost, and make values many times slower than `JSON.parse`. This one knows brackets and strings
 * only; what is between two commas is parsed by whoever reads it.
 *
 * @module
 */
import { joined } from "./bytes.ts";

/** What stands between two commas. */
export interface JsonElement {
  /** Which one it is, from 1. */
  readonly number: number;
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

/** Why a document has no such array, or not all of it; the line is where that was seen. */
export class JsonStructureError extends Error {
  readonly line: number;

  constructor(problem: string, line: number) {
    super(problem);
    this.line = line;
  }
}

const [TAB, NEWLINE, RETURN, SPACE] = [9, 10, 13, 32];
const [QUOTE, COMMA, COLON, BACKSLASH] = [34, 44, 58, 92];
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [91, 93, 123, 125];

/** Finds the elements of the array under a path of names; takes the document chunk by chunk. */
export class JsonElements {
  readonly #path: readonly string[];
  #phase: "before" | "within" | "behind" = "before";
  #line = 1;
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  /** How many names of the path were found, and whether the next value is the one under the last of them. */
  #found = 0;
  #isOnPath = true;
  /** What is taken together now, an element or a name: its beginning, and where in this chunk it goes on. */
  #held: Uint8Array[] = [];
  #start = -1;
  #startLine = 1;
  #count = 0;
  #isAfterComma = false;

  constructor(path: readonly string[]) {
    this.#path = path;
  }

  /**
   * The elements that end in this chunk.
   *
   * @throws {JsonStructureError} where the array cannot be there
   */
  take(chunk: Uint8Array): readonly JsonElement[] {
    const elements: JsonElement[] = [];
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === NEWLINE) {
        this.#line++;
        // JSON has no line ends in strings: a quote that was never closed spoils no more than its line.
        this.#isString = false;
        this.#isEscaped = false;
      } else if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#isString) {
        if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isString = false;
      } else if (byte !== SPACE && byte !== RETURN && byte !== TAB) {
        if (this.#phase === "within") this.#within(byte, at, chunk, elements);
        else if (this.#phase === "before") this.#before(byte, at, chunk);
        else this.#behind(byte);
      }
    }
    if (this.#start !== -1) {
      this.#held.push(chunk.subarray(this.#start));
      this.#start = 0;
    }
    return elements;
  }

  /** @throws {JsonStructureError} where the document ends too early */
  end(): void {
    if (this.#phase === "before") {
      throw this.#problem(this.#depth === 0 ? "it is empty" : "it ends before the array");
    }
    if (this.#phase === "within") {
      const inside = this.#start === -1 ? "the array" : `element ${this.#count + 1}`;
      throw new JsonStructureError(
        `it ends inside of ${inside}`,
        this.#start === -1 ? this.#line : this.#startLine,
      );
    }
    if (this.#depth > 0) throw this.#problem("it ends too early");
  }

  #within(byte: number, at: number, chunk: Uint8Array, elements: JsonElement[]): void {
    const isOutside = this.#depth === this.#found + 1;
    if (isOutside && (byte === COMMA || byte === ARRAY_END || byte === OBJECT_END)) {
      const isEnd = byte !== COMMA;
      if (this.#start !== -1 || !isEnd || this.#isAfterComma) {
        elements.push({
          number: ++this.#count,
          line: this.#start === -1 ? this.#line : this.#startLine,
          bytes: this.#taken(at, chunk),
        });
      }
      this.#isAfterComma = !isEnd;
      if (!isEnd) return;
      if (byte === OBJECT_END) throw this.#problem("the array is closed by a brace");
      this.#phase = "behind";
      this.#depth--;
      return;
    }
    if (this.#start === -1) this.#begin(at);
    this.#nest(byte);
  }

  #before(byte: number, at: number, chunk: Uint8Array): void {
    if (this.#depth === 0 && BYTE_ORDER_MARK.includes(byte)) return;
    if (this.#isOnPath) {
      this.#isOnPath = false;
      const isLast = this.#found === this.#path.length;
      if (byte !== (isLast ? ARRAY : OBJECT)) throw this.#notThere();
      if (isLast) this.#phase = "within";
      this.#depth++;
      return;
    }
    const isInObject = this.#depth === this.#found + 1;
    if (isInObject && byte === QUOTE) {
      this.#held = [];
      this.#begin(at);
    } else if (isInObject && byte === COLON) {
      if (this.#nameOf(this.#taken(at, chunk)) === this.#path[this.#found]) {
        this.#found++;
        this.#isOnPath = true;
      }
    } else if (isInObject && byte === OBJECT_END) throw this.#notThere();
    else if (byte === COMMA) this.#taken(at, chunk);
    this.#nest(byte);
  }

  #behind(byte: number): void {
    if (this.#depth === 0) throw this.#problem("something follows the end of the document");
    this.#nest(byte);
  }

  #nest(byte: number): void {
    if (byte === QUOTE) this.#isString = true;
    else if (byte === ARRAY || byte === OBJECT) this.#depth++;
    else if (byte === ARRAY_END || byte === OBJECT_END) this.#depth--;
  }

  #begin(at: number): void {
    this.#start = at;
    this.#startLine = this.#line;
  }

  /** What was taken together, which ends here. */
  #taken(at: number, chunk: Uint8Array): Uint8Array {
    const parts = this.#start === -1
      ? this.#held
      : [...this.#held, chunk.subarray(this.#start, at)];
    this.#held = [];
    this.#start = -1;
    return joined(parts);
  }

  #nameOf(bytes: Uint8Array): unknown {
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      throw this.#problem("it is no JSON");
    }
  }

  #notThere(): JsonStructureError {
    return this.#problem(
      this.#path.length === 0
        ? "the document is no array"
        : `there is no array at ${this.#path.join(".")}`,
    );
  }

  #problem(problem: string): JsonStructureError {
    return new JsonStructureError(problem, this.#line);
  }
}
