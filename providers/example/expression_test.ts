import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { evaluateExpression } from "./expression.ts";

Deno.test("evaluateExpression() knows precedence, parentheses and powers", () => {
  assertEquals(evaluateExpression("2 + 3 * 4"), 14);
  assertEquals(evaluateExpression("(2 + 3) * 4 - 1"), 19);
  assertEquals(evaluateExpression("20 / 4 / 5"), 1);
  assertEquals(evaluateExpression("2 ^ 3 ^ 2"), 512);
  assertEquals(evaluateExpression("-2 - -2.5"), 0.5);
});

Deno.test("evaluateExpression() makes nothing of what is no expression", () => {
  for (const text of ["", "two", "2 +", "(2", "2)", "2 3", "1 / 0", "2 + x"]) {
    assertEquals(evaluateExpression(text), undefined, text);
  }
});

Deno.test("evaluateExpression() computes as JavaScript does", () => {
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4 },
      fc.nat(99).map(String),
      fc.tuple(tie("expression"), fc.constantFrom("+", "-", "*"), tie("expression"))
        .map(([left, operator, right]) => `${left} ${operator} ${right}`),
      tie("expression").map((inner) => `(${inner})`),
    ),
  }));
  fc.assert(fc.property(expression, (text) => {
    const expected: unknown = new Function(`return ${text}`)();
    assertAlmostEquals(evaluateExpression(text) ?? NaN, Number(expected));
  }));
});
