import { assertEquals } from "@std/assert";
import { withoutAnsi } from "./without_ansi.ts";

Deno.test("withoutAnsi() takes out colours, cursor movements and links, and nothing else", () => {
  assertEquals(
    withoutAnsi("at \x1b[0m\x1b[36mfile:///a.ts\x1b[0m:\x1b[38;5;245m1"),
    "at file:///a.ts:1",
  );
  assertEquals(withoutAnsi("\x1b[2J\x1b[1;1Ha\x1b[?25l"), "a");
  assertEquals(withoutAnsi("\x1b]8;;http://x\x07link\x1b]8;;\x1b\\ end"), "link end");
  assertEquals(withoutAnsi("[0m a [1] \n\x1b"), "[0m a [1] \n\x1b");
});
