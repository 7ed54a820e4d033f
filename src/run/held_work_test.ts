import { assertEquals } from "@std/assert";
import type { Work } from "../plan/items.ts";
import { HeldWork } from "./held_work.ts";

function piece(variant: number, position: number): Work {
  const item = { key: `${position}`, position } as unknown as Work["items"][0];
  return { variant, items: [item] };
}

/** Pieces of two variants by turns, of which the first is held up as long as `away` has it. */
function setUp(rows: number) {
  const away = new Set<number>();
  const pieces = Array.from({ length: 2 * rows }, (_, at) => piece(at % 2, at >> 1));
  const held = new HeldWork({
    source: { next: () => pieces.shift() },
    variants: 2,
    isHeldUp: (variant) => away.has(variant),
  });
  const next = async () => {
    const work = await held.next();
    return work && `${work.variant}:${work.items[0].position}`;
  };
  return { away, held, next, pieces };
}

Deno.test("held work hands all out in order where nothing is held up", async () => {
  const { next } = setUp(2);
  assertEquals([await next(), await next(), await next(), await next()], [
    ...["0:0", "1:0", "0:1", "1:1"],
  ]);
  assertEquals(await next(), undefined);
});

Deno.test("work that is held up waits, and is done in order once it is free", async () => {
  const { away, held, next } = setUp(3);
  away.add(0);
  assertEquals([await next(), await next(), await next()], ["1:0", "1:1", "1:2"]);
  const waiting = next();
  held.wake();
  away.clear();
  held.wake();
  assertEquals([await waiting, await next(), await next()], ["0:0", "0:1", "0:2"]);
  assertEquals(await next(), undefined);
});

Deno.test("nothing is read on for while all variants are held up", async () => {
  const { away, held, next, pieces } = setUp(3);
  away.add(0).add(1);
  const waiting = next();
  await Promise.resolve();
  assertEquals(pieces.length, 5);
  away.clear();
  held.wake();
  assertEquals([await waiting, await next()], ["0:0", "1:0"]);
});

Deno.test("no more than 10,000 pieces are put aside", async () => {
  const { away, next, pieces, held } = setUp(20_000);
  away.add(0);
  for (let row = 0; row < 9999; row++) await next();
  const rest = pieces.length;
  const waiting = next();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(pieces.length, rest - 1, "and nothing more is read");
  away.clear();
  held.wake();
  assertEquals(await waiting, "0:0");
});

Deno.test("held work that is closed hands out nothing, not even to who waits", async () => {
  const { away, held, next } = setUp(1);
  away.add(0).add(1);
  const waiting = next();
  held.close();
  assertEquals([await waiting, await next()], [undefined, undefined]);
});
