import { assertEquals, assertThrows } from "@std/assert";
import { adaptive } from "./adaptive.ts";
import { sequential, slidingWindow } from "./sliding_window.ts";
import { testStrategy } from "./testing/strategy_cases.ts";

testStrategy("sequential()", sequential);
testStrategy("slidingWindow()", () => slidingWindow({ maxConcurrency: 7 }));
testStrategy("adaptive()", () => adaptive());
testStrategy("adaptive() within a range", () => adaptive({ initial: 5, min: 3, max: 40 }));

Deno.test("sequential() is a window of one", () => {
  assertEquals(sequential().limit().current, 1);
});

Deno.test("slidingWindow() says what is no number of places", () => {
  for (const maxConcurrency of [0, 1.5, NaN, Infinity]) {
    assertThrows(() => slidingWindow({ maxConcurrency }), TypeError, `${maxConcurrency}`);
  }
});
