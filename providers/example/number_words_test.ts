import { assertEquals } from "@std/assert";
import { withDigits } from "./number_words.ts";

Deno.test("withDigits() writes numbers as digits", () => {
  assertEquals(withDigits("Twenty-one cats and a dozen dogs"), "21 cats and 12 dogs");
  assertEquals(
    withDigits("Nine children, forty chairs, fourteen tables"),
    "9 children, 40 chairs, 14 tables",
  );
  assertEquals(withDigits("1,250 of 1,000,000"), "1250 of 1000000");
});

Deno.test("withDigits() leaves other words alone", () => {
  for (const text of ["no one", "the other one", "often", "tone", "sixth", "12, 15 and 18"]) {
    assertEquals(withDigits(text), text);
  }
});
