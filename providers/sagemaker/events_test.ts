import { assertEquals, assertRejects } from "@std/assert";
import { TransientError } from "../../src/providers/model_error.ts";
import { events } from "./events.ts";

async function read(text: string, size: number): Promise<unknown[]> {
  const bytes = new TextEncoder().encode(text);
  const parts = Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, index) => bytes.slice(index * size, (index + 1) * size),
  );
  return await Array.fromAsync(events(ReadableStream.from(parts)));
}

Deno.test("events() reads the same however the bytes are cut, in characters too", async () => {
  const text =
    ': hello\nevent: x\ndata: {"a":"für 🙂"}\r\n\r\ndata:[1]\n\n{"b":2}\ndata: [DONE]\n{"c":3}';
  const whole = [{ a: "für 🙂" }, [1], { b: 2 }, { c: 3 }];
  for (const size of [1, 2, 3, 7, 1000]) assertEquals(await read(text, size), whole);
});

Deno.test("events() refuses a line that is no JSON", async () => {
  await assertRejects(() => read('data: {"a":1}\n<html>\n', 5), TransientError, "<html>");
});
