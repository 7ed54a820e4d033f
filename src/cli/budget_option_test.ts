import { assertEquals, assertThrows } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { budgetOf } from "./budget_option.ts";

const NONE = { "max-cost": undefined, "max-tokens": undefined, "max-duration": undefined };

Deno.test("budgetOf() reads dollars, tokens and times", () => {
  assertEquals(budgetOf(NONE), undefined);
  assertEquals(budgetOf({ "max-cost": "$2.50", "max-tokens": 1000, "max-duration": "1h30m" }), {
    maxCost: 2.5,
    maxTokens: 1000,
    maxDuration: 5_400_000,
  });
  assertEquals(budgetOf({ ...NONE, "max-duration": "1.5s" }), { maxDuration: 1500 });
});

Deno.test("budgetOf() says what is no cost and no time", () => {
  for (const cost of ["0", "two", "-1", "1e9"]) {
    assertThrows(() => budgetOf({ ...NONE, "max-cost": cost }), DotevalsError, `"${cost}"`);
  }
  for (const time of ["10", "0s", "5d", "1m30"]) {
    assertThrows(() => budgetOf({ ...NONE, "max-duration": time }), DotevalsError, `"${time}"`);
  }
});
