import { assertEquals } from "@std/assert";
import { clockText, counted, dollarsText, durationText, rateText, valueText } from "./numbers.ts";
import { RateMeter } from "./rate_meter.ts";

Deno.test("valueText() has digits enough for small values and none too many for large ones", () => {
  const cases: readonly (readonly [number | null, string])[] = [
    [null, "–"],
    [0, "0.000"],
    [0.85, "0.850"],
    [-0.5, "-0.500"],
    [0.00012345, "0.000123"],
    [999.9, "999.900"],
    [1234, "1,234"],
    [1234.56, "1234.6"],
    [12_345_678.9, "12,345,679"],
    [-7.142857142857142e299, "-7.14e+299"],
    [NaN, "NaN"],
  ];
  for (const [value, text] of cases) assertEquals(valueText(value), text);
});

Deno.test("counts, rates and times read well", () => {
  assertEquals([counted(0, "error"), counted(1, "error"), counted(1200, "item")], [
    "0 errors",
    "1 error",
    "1,200 items",
  ]);
  assertEquals([rateText(3.21), rateText(12_345)], ["3.2/s", "12,345/s"]);
  assertEquals([22_001, 3_723_000, 400_000_000].map(clockText), ["0:23", "1:02:03", "5 d"]);
  assertEquals([12.4, 12_340, 185_000].map(durationText), ["12 ms", "12.3 s", "3:05"]);
});

Deno.test("RateMeter measures the last half minute, and a stall shows", () => {
  const meter = new RateMeter(0);
  assertEquals(meter.perSecond(1_000), undefined);
  for (let second = 1; second <= 100; second++) meter.add(10, second * 1_000);
  assertEquals(meter.count, 1_000);
  const steady = meter.perSecond(100_000) ?? 0;
  assertEquals(Math.round(steady), 10);
  for (let second = 101; second <= 200; second++) meter.add(20, second * 1_000);
  assertEquals(Math.round(meter.perSecond(200_000) ?? 0), 21);
  assertEquals((meter.perSecond(260_000) ?? 0) < 8, true);
});

Deno.test("dollarsText() has three digits below a dollar, and cents above", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "$0"],
    [0.000_21, "$0.000210"],
    [0.123_4, "$0.123"],
    [0.999_9, "$1.000"],
    [1.005_1, "$1.01"],
    [12_345.6, "$12,346"],
    [1e-12, "$0.000000000001"],
  ];
  for (const [dollars, text] of cases) assertEquals(dollarsText(dollars), text);
});
