import { assertEquals } from "@std/assert";
import { readLines } from "./lines.ts";

async function linesOf(chunks: readonly string[], longest: number) {
  const lines: string[] = [];
  const tooLong: string[] = [];
  const bytes = chunks.map((chunk) => Uint8Array.from(chunk, (char) => char.charCodeAt(0)));
  await readLines(ReadableStream.from(bytes), {
    longest,
    onLine: (line) => lines.push(line),
    onTooLong: (line) => tooLong.push(line),
  });
  return { lines, tooLong };
}

Deno.test("readLines() joins lines over chunks, and takes a last one without its end", async () => {
  assertEquals(await linesOf(["a", "b\nc\n", "\nd"], 10), {
    lines: ["ab", "c", "", "d"],
    tooLong: [],
  });
});

Deno.test("readLines() reads characters that two chunks share", async () => {
  assertEquals((await linesOf(["\xc3", "\xa4\n"], 10)).lines, ["ä"]);
});

Deno.test("readLines() says once that a line is too long, and goes on with the next", async () => {
  const { lines, tooLong } = await linesOf(["aaaa", "aaaa", "aa\nok\nbbbbbbb\nok"], 5);
  assertEquals(lines, ["ok", "ok"]);
  assertEquals(tooLong, ["aaaaa", "bbbbb"]);
});
