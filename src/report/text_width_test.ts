import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { plain } from "./plain_text.ts";
import { padded, truncated, widthOf } from "./text_width.ts";

Deno.test("truncated() never takes more columns than it may, wide characters included", () => {
  assertEquals(truncated("日本語", 5), "日本…");
  assertEquals(truncated("日本語", 4), "日…");
  assertEquals(truncated("abc", 3), "abc");
  assertEquals(truncated("abc", 0), "");
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.nat(20), (text, width) => {
    assert(widthOf(truncated(plain(text), width)) <= width);
  }));
  assertEquals(padded("日", 4), "日  ");
  assertEquals(padded("日", 4, "right"), "  日");
});
