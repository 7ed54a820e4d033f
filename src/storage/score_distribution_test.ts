import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { binOf, binsFor, MOST_BINS } from "./score_distribution.ts";

Deno.test("binsFor() has round bounds, and a number on a bound is in the bin that begins there", () => {
  const tenths = binsFor({ min: 0, max: 1, isWhole: false });
  assertEquals(tenths, { from: 0, step: 0.1, count: 10 });
  assertEquals(
    [0, 0.05, 0.1, 0.2, 0.3, 0.6, 0.7, 0.9, 1].map((number) => binOf(number, tenths)),
    [0, 0, 1, 2, 3, 6, 7, 9, 9],
  );
  assertEquals(binsFor({ min: 0.3, max: 0.52, isWhole: false }), {
    ...{ from: 0.3, step: 0.02, count: 11 },
  });
  assertEquals(binsFor({ min: 120, max: 8_000, isWhole: false }), {
    ...{ from: 0, step: 1_000, count: 8 },
  });
});

Deno.test("binsFor() gives whole numbers a bin each", () => {
  const ratings = binsFor({ min: 1, max: 5, isWhole: true });
  assertEquals(ratings, { from: 1, step: 1, count: 5 });
  assertEquals([1, 2, 5].map((number) => binOf(number, ratings)), [0, 1, 4]);
});

Deno.test("every number has a bin that holds it, whatever the numbers are", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(fc.array(finite, { minLength: 1 }), (numbers) => {
    const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
    const bins = binsFor({ min, max, isWhole: false });
    assert(bins.count >= 1 && bins.count <= MOST_BINS);
    for (const number of numbers) {
      const bin = binOf(number, bins);
      assert(bin >= 0 && bin < bins.count, `${number} is in bin ${bin} of ${bins.count}`);
    }
  }));
});
