/**
 * Canonical text: equal values have equal texts, different values different ones.
 *
 * @module
 */
import { enter, type Frame, rootFrame } from "./_frame.ts";
import { type Parts, partsOf } from "./_parts.ts";
import { TAG, taggedScalar, unboxed } from "./_scalar.ts";

/**
 * The text of a value in which order that means nothing is settled: tagged JSON with the
 * keys of objects and the entries of maps and sets sorted, and without whitespace.
 *
 * Two values have the same text exactly when they are equal as they are stored:
 * `1`, `"1"` and `1n` differ, so do `0` and `-0`, `undefined`, `null` and a missing key, a
 * date and its text, a typed array and an array of its numbers. `decode` reads the text.
 *
 * `name` is what error messages call the value.
 *
 * @throws {EncodingError} if a part of the value has no stored form; the message names where
 */
export function canonical(value: unknown, name = "value"): string {
  return textOf(value, rootFrame(name));
}

function textOf(value: unknown, frame: Frame): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null
    ? objectText(value, frame)
    : JSON.stringify(taggedScalar(value, frame));
}

function objectText(object: object, outer: Frame): string {
  const frame = enter(outer, object);
  if (Array.isArray(object)) return `[${texts(object, frame).join(",")}]`;
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    const parts = partsOf(object, outer);
    if (parts) return taggedText(parts.type, partsText(parts, frame));
    const scalar = unboxed(object);
    if (scalar !== object) return textOf(scalar, outer);
  }
  if ("toJSON" in object && typeof object.toJSON === "function") {
    return textOf(object.toJSON(String(outer.key ?? "")), frame);
  }
  const text = propertiesText(object, frame);
  return Object.hasOwn(object, TAG) ? taggedText("Object", text) : text;
}

function taggedText(type: string, value: string): string {
  return `{"${TAG}":${JSON.stringify(type)},"value":${value}}`;
}

function partsText({ type, value }: Parts, frame: Frame): string {
  if (type === "Error") return propertiesText(value as object, frame);
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (type === "Set") return `[${texts(value, frame).sort().join(",")}]`;
  if (type !== "Map") return `[${texts(value, frame).join(",")}]`;
  const entries = value.map((entry: readonly unknown[], index) => {
    frame.key = index;
    const inner = { ...frame, outer: frame, value: undefined, key: undefined };
    return `[${texts(entry, inner).join(",")}]`;
  });
  return `[${entries.sort().join(",")}]`;
}

function texts(values: readonly unknown[], frame: Frame): string[] {
  const made: string[] = [];
  for (let index = 0; index < values.length; index++) {
    frame.key = index;
    made.push(textOf(values[index], frame));
  }
  return made;
}

function propertiesText(object: object, frame: Frame): string {
  let text = "";
  for (const key of Object.keys(object).sort()) {
    frame.key = key;
    const part = textOf((object as Record<string, unknown>)[key], frame);
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${part}`;
  }
  return `{${text}}`;
}
