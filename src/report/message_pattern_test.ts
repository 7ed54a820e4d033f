import { assertEquals } from "@std/assert";
import { messagePattern } from "./message_pattern.ts";

Deno.test("messagePattern() is one for messages that differ in numbers and identifiers", () => {
  const alike = [
    [
      "429 Rate limit reached for gpt-4o: Limit 30000, Used 29,871. Try again in 1.2s. (req_8f2k1aa90)",
      "429 Rate limit reached for gpt-4o: Limit 30000, Used 12. Try again in 20s. (req_zzz0192bc)",
    ],
    [
      "No row 17 in 5d2b1c9e-0a4f-4f0e-9d57-6c1b9a3e2f11",
      "No row 4 in 0f3a1c9e-0a4f-4f0e-9d57-6c1b9a3e2f12",
    ],
    ["at 12:03:55: connection 7 closed", "at 09:11:02: connection 12 closed"],
  ];
  for (const [one = "", other = ""] of alike) {
    assertEquals(messagePattern(one), messagePattern(other));
  }
  assertEquals(messagePattern(alike[1]?.[0] ?? ""), "No row ‹n› in ‹id›");
});

Deno.test("messagePattern() keeps apart what differs in words or in status", () => {
  assertEquals(messagePattern("429 from the model"), "429 from the model");
  assertEquals(messagePattern("503 from the model"), "503 from the model");
  assertEquals(messagePattern("unexpected token in JSON"), "unexpected token in JSON");
  assertEquals(messagePattern("no-such-option is unknown"), "no-such-option is unknown");
});
