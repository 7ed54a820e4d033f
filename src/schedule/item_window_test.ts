import { assertEquals } from "@std/assert";
import type { ItemPlace } from "./item_gate.ts";
import { ItemWindow } from "./item_window.ts";

function setUp(size: number) {
  const window = new ItemWindow(size);
  const places: ItemPlace[] = [];
  async function start(count: number): Promise<void> {
    for (let item = 0; item < count; item++) {
      const entering = window.enter();
      if (entering instanceof Promise) entering.then((place) => places.push(place));
      else places.push(entering);
    }
    await Promise.resolve();
  }
  return { window, places, start };
}

Deno.test("a window is filled at once, and an item begins when another one ends", async () => {
  const { places, start } = setUp(3);
  await start(5);
  assertEquals(places.length, 3);
  places[0]?.leave(undefined);
  await Promise.resolve();
  assertEquals(places.length, 4);
});

Deno.test("items that wait for an endpoint that is away make room for others, all but one", async () => {
  const { window, places, start } = setUp(3);
  await start(10);
  window.callsPark(1);
  await Promise.resolve();
  assertEquals(places.length, 4);
  window.callsPark(100);
  await Promise.resolve();
  assertEquals(places.length, 5);
  window.callsPark(-101);
  places[0]?.leave(undefined);
  places[1]?.leave(undefined);
  await Promise.resolve();
  assertEquals(places.length, 5, "no further ones until the window fits again");
});

Deno.test("a window of one has one item at once, whatever is away", async () => {
  const { window, places, start } = setUp(1);
  await start(2);
  window.callsPark(1);
  await Promise.resolve();
  assertEquals(places.length, 1);
});
