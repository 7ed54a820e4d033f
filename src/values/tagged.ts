/**
 * Tagged JSON: how values are stored, and what `--json` prints.
 *
 * All of JSON stands for itself. What JSON lacks is an object with a tag and a value:
 *
 * | value | tagged form |
 * | --- | --- |
 * | `undefined` | `{"$type":"undefined"}` |
 * | `-0`, `NaN`, `Infinity`, `-Infinity` | `{"$type":"number","value":"-0"}` |
 * | bigint | `{"$type":"bigint","value":"123"}` |
 * | `Date` | `{"$type":"Date","value":"2026-01-31T00:00:00.000Z"}`; `null` for an invalid one |
 * | `Map` | `{"$type":"Map","value":[[key,value],…]}` |
 * | `Set` | `{"$type":"Set","value":[…]}` |
 * | typed array, `DataView`, `ArrayBuffer` | `{"$type":"Uint8Array","value":"base64 of its bytes"}` |
 * | `Error` | `{"$type":"Error","value":{"name":…,"message":…}}`, with `cause` where there is one |
 * | `URL` | `{"$type":"URL","value":"https://…"}` |
 * | `RegExp` | `{"$type":"RegExp","value":["source","flags"]}` |
 * | an object with a key `$type` of its own | `{"$type":"Object","value":{…the object…}}` |
 *
 * Every other class instance is stored as what its `toJSON` returns, else as its own
 * enumerable properties, and comes back as a plain object. An error comes back as an
 * `Error` with the same name, without its stack; a hole in an array as `undefined`. Keys that
 * are symbols are left out. Functions and symbols have no stored form, nor has a value
 * that contains itself.
 *
 * @module
 */
import { enter, type Frame, MAX_DEPTH, rootFrame } from "./_frame.ts";
import { fromParts, type Parts, partsOf } from "./_parts.ts";
import { TAG, taggedScalar, unboxed } from "./_scalar.ts";
import { EncodingError } from "./encoding_error.ts";

export { EncodingError, TAG };

/**
 * The text of a value in tagged JSON; `decode` makes an equal value of it.
 *
 * `name` is what error messages call the value.
 *
 * @throws {EncodingError} if a part of the value has no stored form; the message names where
 *
 * @example
 * ```ts
 * import { encode } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encode({ n: 1, big: 2n }), '{"n":1,"big":{"$type":"bigint","value":"2"}}');
 * ```
 */
export function encode(value: unknown, name = "value"): string {
  return JSON.stringify(toTagged(value, name));
}

/**
 * The JSON structure that {@linkcode encode} writes; the value itself where it is all JSON.
 *
 * @throws {EncodingError} if a part of the value has no stored form; the message names where
 */
export function toTagged(value: unknown, name = "value"): unknown {
  return tagged(value, rootFrame(name));
}

/**
 * The value that a text of tagged JSON stands for.
 *
 * @throws {EncodingError} if the text is not tagged JSON, or was written by a newer version
 *
 * @example
 * ```ts
 * import { decode, encode } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const row = { when: new Date(0), tags: new Set(["a"]) };
 * assertEquals(decode(encode(row)), row);
 * ```
 */
export function decode(text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new EncodingError(`The stored text is no JSON: ${excerpt(text)}.`, "", { cause });
  }
  if (!text.includes(TAG)) return parsed;
  try {
    return revive(parsed, 0);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EncodingError(`The stored value cannot be read: ${reason}.`, "", { cause });
  }
}

/** The JSON structure of one value; the value itself where nothing in it had to change. */
function tagged(value: unknown, frame: Frame): unknown {
  return typeof value === "object" && value !== null
    ? taggedObject(value, frame)
    : taggedScalar(value, frame);
}

function taggedObject(object: object, outer: Frame): unknown {
  const frame = enter(outer, object);
  if (Array.isArray(object)) return taggedArray(object, frame);
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    const parts = partsOf(object, outer);
    if (parts) return { [TAG]: parts.type, value: taggedParts(parts, frame) };
    const scalar = unboxed(object);
    if (scalar !== object) return tagged(scalar, outer);
  }
  if ("toJSON" in object && typeof object.toJSON === "function") {
    return tagged(object.toJSON(String(outer.key ?? "")), frame);
  }
  return taggedProperties(object, frame);
}

/** The lists that parts come in are no values of the user's: only what is in them is. */
function taggedParts({ type, value }: Parts, frame: Frame): unknown {
  if (type === "Error") return taggedProperties(value as object, frame);
  if (!Array.isArray(value)) return value;
  if (type !== "Map") return taggedArray(value, frame);
  return value.map((entry: readonly unknown[], index) => {
    frame.key = index;
    return taggedArray(entry, { ...frame, outer: frame, value: undefined, key: undefined });
  });
}

function taggedArray(array: readonly unknown[], frame: Frame): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (let index = 0; index < array.length; index++) {
    const part = array[index];
    if (typeof part === "string") continue;
    frame.key = index;
    const made = tagged(part, frame);
    if (made !== part) (changed ??= array.slice())[index] = made;
  }
  return changed ?? array;
}

function taggedProperties(object: object, frame: Frame): unknown {
  let changed: Record<string, unknown> | undefined;
  let escaped = false;
  for (const key of Object.keys(object)) {
    const part = (object as Record<string, unknown>)[key];
    if (key === TAG) escaped = true;
    if (typeof part === "string") continue;
    frame.key = key;
    const made = tagged(part, frame);
    if (made !== part) define(changed ??= { ...object }, key, made);
  }
  return escaped ? { [TAG]: "Object", value: changed ?? object } : changed ?? object;
}

/** Makes values of the tagged parts of a structure that `JSON.parse` made, in place. */
function revive(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > 4 * MAX_DEPTH) throw new RangeError("it is nested too deep");
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      value[index] = revive(value[index], depth + 1);
    }
    return value;
  }
  const type = Object.hasOwn(value, TAG) ? Reflect.get(value, TAG) : undefined;
  if (type === undefined) return revivedProperties(value, depth);
  if (typeof type !== "string") throw new TypeError(`its tag is ${JSON.stringify(type)}`);
  const content = Reflect.get(value, "value");
  if (type === "Object" && typeof content === "object" && content !== null) {
    return revivedProperties(content, depth);
  }
  return fromParts({ type, value: revive(content, depth + 1) });
}

function revivedProperties(object: object, depth: number): object {
  for (const key of Object.keys(object)) {
    const part: unknown = Reflect.get(object, key);
    if (typeof part !== "object" || part === null) continue;
    const made = revive(part, depth + 1);
    if (made !== part) define(object, key, made);
  }
  return object;
}

/** Sets an own property even where the name is `__proto__`. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
