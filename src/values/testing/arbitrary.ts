/**
 * Values of every kind that can be stored, for property tests.
 *
 * @module
 */
import fc from "fast-check";

const keys = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "$type",
    "value",
    "__proto__",
    "constructor",
    "toString",
    "",
    "10",
    "2",
    "\ud800",
  ),
);

const scalars = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("\ud800", "\udfff\ud800", "a\0b", "-0", "1", '{"$type":"bigint","value":"1"}'),
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, null, undefined, true, false),
  fc.bigInt(),
);

const leaves = fc.oneof(
  { weight: 4, arbitrary: scalars },
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ maxLength: 4 }),
  fc.float64Array({ maxLength: 3 }),
  fc.bigUint64Array({ maxLength: 2 }),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => new DataView(bytes.slice().buffer)),
  fc.string().map((message) => new Error(message)),
  fc.webUrl().map((url) => new URL(url)),
  fc.constantFrom(/a\/b/gi, /[/]/u),
);

/** Any value that comes back from storage as it was. */
export const storable: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small", withCrossShrink: true },
    leaves,
    fc.array(tie("value"), { maxLength: 4 }),
    entries(keys, tie("value")).map(objectOf),
    entries(tie("value"), tie("value")).map((pairs) => new Map(pairs)),
    fc.array(tie("value"), { maxLength: 3 }).map((values) => new Set(values)),
  ),
})).value;

/** Few different values, so that two of them are often equal. */
export const crowded: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom<unknown>(1, "1", 1n, 0, -0, null, undefined, "", new Date(0), [], {}),
    fc.array(tie("value"), { maxLength: 2 }),
    entries(fc.constantFrom("a", "$type"), tie("value")).map(objectOf),
    entries(fc.constantFrom<unknown>(1, "a"), tie("value")).map((pairs) => new Map(pairs)),
    fc.array(tie("value"), { maxLength: 2 }).map((values) => new Set(values)),
  ),
})).value;

/** The same value with the order of keys and entries turned around. */
export function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (value instanceof Map) {
    return new Map(
      Array.from(value, ([key, part]) => [reordered(key), reordered(part)] as const).reverse(),
    );
  }
  if (value instanceof Set) return new Set(Array.from(value, reordered).reverse());
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return objectOf(
    Object.entries(value).map(([key, part]) => [key, reordered(part)] as const).reverse(),
  );
}

function entries<Key>(key: fc.Arbitrary<Key>, value: fc.Arbitrary<unknown>) {
  return fc.array(fc.tuple(key, value), { maxLength: 4 });
}

/** `Object.fromEntries` makes a property even of the key `__proto__`. */
function objectOf(pairs: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  return Object.fromEntries(pairs);
}
