import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { plain, plainLines } from "./plain_text.ts";

Deno.test("plain() escapes what could steer a terminal, and keeps the rest", () => {
  assertEquals(plain("a\x1b]0;t\x07b\r\n\tc"), "a\\u{1b}]0;t\\u{7}b\\r\\n\\tc");
  assertEquals(
    plain("\u202Eevil\u2066\u200b\x9b\ud800"),
    "\\u{202e}evil\\u{2066}\\u{200b}\\u{9b}\\u{d800}",
  );
  assertEquals(plain("naïve 日本 👩‍💻 ✓"), "naïve 日本 👩‍💻 ✓");
});

Deno.test("plain() lets no control character through, whatever it is given", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert(!/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(plain(text)));
  }));
});

Deno.test("plainLines() splits at line ends of every kind", () => {
  assertEquals(plainLines("a\r\nb\rc\n\td"), ["a", "b", "c", "  d"]);
});

Deno.test("plain() leaves nothing that CI services obey in a log, and colons and hashes otherwise", () => {
  assertEquals(plain("  ::error file=a::no"), "  \\u{3a}:error file=a::no");
  assertEquals(
    plain("a ##[add-mask]b ##vso[task.c]d"),
    "a #\\u{23}[add-mask]b #\\u{23}vso[task.c]d",
  );
  assertEquals(plain("## a: [b] :: c"), "## a: [b] :: c");
  assertEquals(plain("std::move(x)"), "std::move(x)");
});

Deno.test("plain() keeps accents, and cuts a flood of them", () => {
  assertEquals(plain("e\u0301\u0302"), "e\u0301\u0302");
  assertEquals(plain(`e${"\u0301".repeat(500)}f`), `e${"\u0301".repeat(8)}…f`);
});
