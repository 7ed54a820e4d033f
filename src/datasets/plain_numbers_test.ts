import { assertEquals } from "@std/assert";
import { plainNumbers } from "./plain_numbers.ts";

Deno.test("plainNumbers() makes numbers of the bigints that are exact as numbers, however deep", () => {
  const date = new Date(0);
  const bytes = new Uint8Array([1]);
  assertEquals(
    plainNumbers({ a: 1n, b: [-2n, [3n]], c: { d: 2n ** 53n }, date, bytes, none: null }),
    { a: 1, b: [-2, [3]], c: { d: 2n ** 53n }, date, bytes, none: null },
  );
});
