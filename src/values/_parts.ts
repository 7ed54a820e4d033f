/**
 * What the objects that JSON cannot hold are made of, and how they are made again.
 *
 * @module
 */
import { type Frame, unstorable } from "./_frame.ts";

/** The tag that the parts of an object stand under. */
export interface Parts {
  readonly type: string;
  /** JSON, or values that are encoded in turn. */
  readonly value: unknown;
}

const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayBufferView>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};

/**
 * The parts of an object that has a tag of its own; `undefined` for any other object.
 *
 * @throws {EncodingError} for objects whose content is out of reach: promises, blobs, …
 */
export function partsOf(value: object, frame: Frame): Parts | undefined {
  if (value instanceof Date) {
    return { type: "Date", value: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  }
  if (value instanceof Map) return { type: "Map", value: Array.from(value) };
  if (value instanceof Set) return { type: "Set", value: Array.from(value) };
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { type: viewName(value), value: base64(bytes) };
  }
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return { type: "ArrayBuffer", value: base64(new Uint8Array(value)) };
  }
  if (value instanceof Error) {
    const { name, message, cause } = value;
    return {
      type: "Error",
      value: cause === undefined ? { name, message } : { name, message, cause },
    };
  }
  if (value instanceof URL) return { type: "URL", value: value.href };
  if (value instanceof RegExp) return { type: "RegExp", value: [value.source, value.flags] };
  for (const hidden of [Promise, Blob, WeakMap, WeakSet, WeakRef]) {
    if (value instanceof hidden) {
      const hint = hidden === Promise ? " (is an await missing?)" : "";
      throw unstorable(frame, `a ${hidden.name}${hint}`);
    }
  }
  return undefined;
}

/**
 * Makes an object from its parts, which are decoded already.
 *
 * @throws {TypeError} if the tag is unknown, or its parts are not such as {@linkcode partsOf} makes
 */
export function fromParts({ type, value }: Parts): unknown {
  switch (type) {
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(text(value));
    case "number":
      return number(text(value));
    case "Date":
      return new Date(value === null ? NaN : text(value));
    case "Map":
      return new Map(list(value).map((entry) => pair(entry)));
    case "Set":
      return new Set(list(value));
    case "ArrayBuffer":
      return Uint8Array.fromBase64(text(value)).buffer;
    case "Error":
      return error(value);
    case "URL":
      return new URL(text(value));
    case "RegExp": {
      const [source, flags] = pair(value);
      return new RegExp(text(source), text(flags));
    }
  }
  const View = Object.hasOwn(VIEWS, type) ? VIEWS[type] : undefined;
  if (View) return new View(Uint8Array.fromBase64(text(value)).buffer);
  throw new TypeError(`no value has the tag ${JSON.stringify(type)}`);
}

/** A subclass, such as Node's `Buffer`, comes back as the built-in class. */
function viewName(view: ArrayBufferView): string {
  for (const [name, View] of Object.entries(VIEWS)) if (view instanceof View) return name;
  throw new TypeError("an unknown kind of view");
}

function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

function number(name: string): number {
  if (name === "-0") return -0;
  if (name === "NaN" || name === "Infinity" || name === "-Infinity") return Number(name);
  throw new TypeError(`no number is tagged ${JSON.stringify(name)}`);
}

function error(parts: unknown): Error {
  if (typeof parts !== "object" || parts === null) throw new TypeError("an error has no parts");
  const made = new Error(
    "message" in parts ? text(parts.message) : "",
    "cause" in parts ? { cause: parts.cause } : {},
  );
  const name = "name" in parts ? text(parts.name) : "Error";
  if (name !== made.name) {
    Object.defineProperty(made, "name", { value: name, configurable: true, writable: true });
  }
  made.stack = `${name}: ${made.message}`; // where it was decoded says nothing
  return made;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`text was expected, not ${typeof value}`);
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`a list was expected, not ${typeof value}`);
  return value;
}

function pair(value: unknown): [unknown, unknown] {
  const [first, second, ...rest] = list(value);
  if (rest.length > 0) throw new TypeError("a pair was expected");
  return [first, second];
}
