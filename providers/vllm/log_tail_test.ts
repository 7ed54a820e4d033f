import { assertEquals } from "@std/assert";
import { LogTail, readLines } from "./log_tail.ts";

async function linesOf(...pieces: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const stream = ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
  await readLines(stream, (line) => lines.push(line));
  return lines;
}

Deno.test("readLines() joins lines over pieces and splits progress bars", async () => {
  assertEquals(await linesOf("one\ntw", "o\r\n\rLoading 0%\rLoading 100%\n", "end"), [
    "one",
    "two",
    "Loading 0%",
    "Loading 100%",
    "end",
  ]);
});

Deno.test("readLines() leaves out requests that were answered, not those that failed", async () => {
  const line = '(APIServer pid=7) INFO:     127.0.0.1:5 - "POST /v1/chat/completions HTTP/1.1"';
  assertEquals(await linesOf(`${line} 200 OK\n${line} 500 Internal Server Error\n`), [
    `${line} 500 Internal Server Error`,
  ]);
});

Deno.test("LogTail keeps fifty lines, and the last errors that came before them", () => {
  const tail = new LogTail();
  const trace = Array.from({ length: 60 }, (_, line) => `  File "a.py", line ${line}`);
  const cause = "ERROR torch.OutOfMemoryError: CUDA out of memory.";
  for (const line of ["started", cause, ...trace]) tail.add(line);
  assertEquals(tail.text, [cause, ...trace.slice(-50)].join("\n"));
  assertEquals(tail.excerpt(2), [cause, "…", ...trace.slice(-2)]);
});

Deno.test("LogTail shows an error once, also one that is still in the tail", () => {
  const tail = new LogTail();
  for (const line of ["ValueError: no", "one", "two"]) tail.add(line);
  assertEquals(tail.excerpt(2), ["ValueError: no", "…", "one", "two"]);
  assertEquals(tail.excerpt(3), ["ValueError: no", "one", "two"]);
});
