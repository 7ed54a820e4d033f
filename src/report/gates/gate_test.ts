import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DotevalsError } from "../../errors.ts";
import { parseGate, satisfies } from "./gate.ts";

Deno.test("parseGate() reads values, bounds, baselines and counts", () => {
  const number = (value: number) => ({ number: value, fromBaseline: false });
  const baseline = (value: number) => ({ number: value, fromBaseline: true });
  const plain = { subject: "exactMatch.accuracy", bound: undefined, operator: ">=" } as const;
  const cases = [
    ["exactMatch.accuracy >= 0.8", { ...plain, limit: number(0.8) }],
    ["  exactMatch.accuracy>=.8  ", { ...plain, limit: number(0.8) }],
    ["exactMatch.accuracy >= 80%", { ...plain, limit: number(0.8) }],
    ["exactMatch.accuracy >= -1e-3", { ...plain, limit: number(-0.001) }],
    ["exactMatch.accuracy < baseline", { ...plain, operator: "<", limit: baseline(0) }],
    ["exactMatch.accuracy >= baseline - 0.02", { ...plain, limit: baseline(-0.02) }],
    ["exactMatch.accuracy >= baseline+1", { ...plain, limit: baseline(1) }],
    ["lower( exactMatch.accuracy ) >= 0.75", { ...plain, bound: "lower", limit: number(0.75) }],
    ["upper(a.mean) <= 3", { subject: "a.mean", bound: "upper", operator: "<=", limit: number(3) }],
    ["s [m=a]/x.quantile(q=0.9) > 1", {
      subject: "s [m=a]/x.quantile(q=0.9)",
      bound: undefined,
      operator: ">",
      limit: number(1),
    }],
    ["a < b.mean > 2", {
      subject: "a < b.mean",
      bound: undefined,
      operator: ">",
      limit: number(2),
    }],
    ["errors <= 0", { subject: "errors", bound: undefined, operator: "<=", limit: number(0) }],
  ] as const;
  for (const [text, expected] of cases) assertEquals(parseGate(text), { text, ...expected });
});

Deno.test("parseGate() refuses what is no gate, with examples", () => {
  const texts = [
    "",
    "a.b",
    "a.b >= ",
    ">= 0.8",
    "a.b = 0.8",
    "a.b >= x",
    "a.b >= 0.8 0.9",
    "a.b => 1",
  ];
  for (
    const text of [
      ...texts,
      "a.b >= baseline 1",
      "a.b >= baseline - -1",
      "lower(errors) <= 1",
      "a.b <= 1e999",
    ]
  ) {
    const error = assertThrows(() => parseGate(text), DotevalsError, text);
    assertEquals([error.code, error.exitCode], ["invalid-gate", 2]);
    assert(error.hint !== undefined);
  }
});

Deno.test("parseGate() reads back every gate that can be written", () => {
  const subject = fc.stringMatching(/^[^\s()<>=][^\n]{0,20}[^\s<>=()!]$/).filter((text) =>
    !/^(lower|upper)/.test(text)
  );
  const bound = fc.constantFrom(undefined, "lower" as const, "upper" as const);
  const operator = fc.constantFrom(">=" as const, ">" as const, "<=" as const, "<" as const);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
    // A text has no sign for 0.
    .map((value) => value + 0);
  fc.assert(fc.property(subject, bound, operator, number, (name, within, sign, limit) => {
    fc.pre(!["errors", "errorRate", "cost"].includes(name));
    const left = within ? `${within}(${name})` : name;
    const gate = parseGate(`${left} ${sign} ${limit}`);
    assertEquals([gate.subject, gate.bound, gate.operator], [name, within, sign]);
    assertEquals(gate.limit, { number: limit, fromBaseline: false });
  }));
});

Deno.test("parseGate() says what is wrong with any text, and never fails otherwise", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    try {
      assert(parseGate(text).subject !== "");
    } catch (error) {
      assert(error instanceof DotevalsError);
    }
  }));
});

Deno.test("satisfies() knows its operators, at the limit too", () => {
  const at = (value: number) => (operator: ">=" | ">" | "<=" | "<") =>
    satisfies(value, operator, 1);
  const operators = [">=", ">", "<=", "<"] as const;
  assertEquals(operators.map(at(1)), [true, false, true, false]);
  assertEquals(operators.map(at(2)), [true, true, false, false]);
  assertEquals(operators.map(at(0)), [false, false, true, true]);
});

Deno.test("satisfies() takes for equal what rounding alone sets apart, and nothing that results can", () => {
  // In binary 0.8 - 0.1 is 0.7000000000000001, and the mean of 0.1, 0.2 and 0.3 0.20000000000000004.
  const pairs = [[0.7, 0.8 - 0.1], [(0.1 + 0.2 + 0.3) / 3, 0.2], [0, 0]] as const;
  for (const [one, other] of pairs) {
    for (const [value, limit] of [[one, other], [other, one]] as const) {
      assert(satisfies(value, ">=", limit) && satisfies(value, "<=", limit));
      assert(!satisfies(value, ">", limit) && !satisfies(value, "<", limit));
    }
  }
  assert(satisfies(0.8, ">", 0.8 - 1e-9) && !satisfies(0.8, ">=", 0.8 + 1e-9));
  assert(satisfies(1e-12, ">", 0));
});
