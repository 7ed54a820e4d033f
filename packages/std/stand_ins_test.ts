import { assert, assertEquals, assertThrows } from "@std/assert";
import { delay } from "@std/async/delay";
import { pooledMap } from "@std/async/pool";
import { parseArgs } from "@std/cli/parse-args";
import { unicodeWidth } from "@std/cli/unicode-width";
import { fromFileUrl } from "@std/path/from-file-url";
import { globToRegExp } from "@std/path/glob-to-regexp";
import { join } from "@std/path/join";
import { TextLineStream } from "@std/streams/text-line-stream";
import { assertType, type IsExact } from "@std/testing/types";
import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

Deno.test("@std/assert narrows types", () => {
  const value: unknown = new TypeError("no");
  assert(value instanceof Error);
  assertType<IsExact<typeof value, Error>>(true);
  const thrown = assertThrows(
    () => {
      throw value;
    },
    TypeError,
    "no",
  );
  assertType<IsExact<typeof thrown, TypeError>>(true);
});

Deno.test("@std/async maps in a pool and delays", async () => {
  const doubled = await Array.fromAsync(pooledMap(2, [1, 2, 3], (n) => Promise.resolve(n * 2)));
  assertType<IsExact<typeof doubled, number[]>>(true);
  assertEquals(doubled, [2, 4, 6]);
  await delay(0);
});

Deno.test("@std/cli types what it parses", () => {
  const args = parseArgs(["--model=a", "--model", "b", "-q", "file"], {
    string: ["model"],
    boolean: ["q"],
    collect: ["model"],
  });
  assertType<IsExact<typeof args.model, string[]>>(true);
  assertType<IsExact<typeof args.q, boolean>>(true);
  assertEquals([args.model, args.q, args._], [["a", "b"], true, ["file"]]);
  assertEquals(unicodeWidth("天地 a"), 6);
});

Deno.test("@std/streams splits a stream into lines", async () => {
  assertEquals(await Array.fromAsync(text("a\r\nb").pipeThrough(new TextLineStream())), ["a", "b"]);
});

Deno.test("@std/path and @std/text load", () => {
  assertEquals(join("a", "../b"), "b");
  assertEquals(fromFileUrl("file:///a%20b"), "/a b");
  assert(globToRegExp("**/*.eval.ts").test("a/b.eval.ts"));
  assertEquals([closestString("runn", ["run", "list"]), levenshteinDistance("a", "bc")], [
    "run",
    2,
  ]);
});

function text(content: string): ReadableStream<string> {
  return ReadableStream.from([content]);
}
