import { assertEquals } from "@std/assert";
import type { StoredRecord } from "../storage/stored_record.ts";
import { type GroupedErrors, groupErrors, mergeErrors } from "./error_groups.ts";
import { errorLines, errorSummary } from "./error_lines.ts";
import { styleOf } from "./style.ts";
import { record } from "./testing/session_events.ts";

const LAYOUT = { style: styleOf(false), columns: 60, items: 10 };

async function* failed(messages: readonly string[], name = "Error"): AsyncGenerator<StoredRecord> {
  for (const [position, message] of messages.entries()) {
    yield { ...record(position, { error: { name, message, stack: undefined } }), gone: false };
  }
}

function counts({ groups }: GroupedErrors): readonly (readonly [number, string])[] {
  return groups.map(({ count, message }) => [count, message]);
}

Deno.test("groupErrors() puts errors together whose messages differ in numbers and ids only", async () => {
  const messages = ["no row 7", "bad key", "no row 12", "no row 9", "bad key"];
  const errors = await groupErrors(failed(messages));
  assertEquals(counts(errors), [[3, "no row ‹n›"], [2, "bad key"]]);
  assertEquals(errors.groups[0]?.examples.map(({ position }) => position), [0, 2, 3]);
  assertEquals(counts(await groupErrors(failed(["no row 7", "no row 7"]))), [[2, "no row 7"]]);
});

Deno.test("groupErrors() looks at no more errors than it may, and says that there are more", async () => {
  const errors = await groupErrors(failed(["a", "a", "b"]), { most: 2 });
  assertEquals([counts(errors), errors.isPart], [[[2, "a"]], true]);
  assertEquals((await groupErrors(failed(["a", "a"]), { most: 2 })).isPart, false);
  assertEquals(errorSummary(errors, { ...LAYOUT, most: 3 }), ["  2+ × Error: a (00000000)"]);
});

Deno.test("mergeErrors() puts the same kinds of several evaluations together", async () => {
  const one = await groupErrors(failed(["no row 7", "no row 8", "x"]));
  const other = await groupErrors(failed(["x", "x", "no row 1", "y"]));
  assertEquals(counts(mergeErrors([one, other])), [[3, "no row ‹n›"], [3, "x"], [1, "y"]]);
  assertEquals(mergeErrors([]), { groups: [], others: 0, isPart: false });
});

Deno.test("errorSummary() has a line for each of the most frequent kinds, and counts the others", async () => {
  const message = "a message\x1b[2J that is longer than a line of this terminal has room for";
  const errors = await groupErrors(failed([message, message, "b\nsecond line", "c", "d"]));
  assertEquals(errorSummary(errors, { ...LAYOUT, most: 2 }), [
    "  2 × Error: a message\\u{1b}[2J that is longer t… (00000000)",
    "  1 × Error: b (00000000)",
    "  2 errors of 2 other kinds",
  ]);
  assertEquals(errorLines(await groupErrors(failed(["b\nsecond line"])), LAYOUT), [
    "  1 × Error: b\n      second line",
    "    00000000 row 0: {}",
  ]);
});
