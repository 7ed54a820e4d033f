import { assertEquals } from "@std/assert";
import { Turns, type TurnSource } from "./turns.ts";

function listSource(
  name: string,
  count: number,
  log: string[],
  options: { limit?: number; later?: boolean } = {},
): TurnSource<string> {
  let next = 0;
  return {
    limit: options.limit ?? Infinity,
    pull() {
      const work = next < count ? `${name}${next++}` : undefined;
      return options.later ? Promise.resolve(work) : work;
    },
    fail: (error) => {
      log.push(`${name} failed: ${error}`);
    },
    drained: () => {
      log.push(`${name} drained`);
    },
  };
}

Deno.test("Turns serves sources in turn", async () => {
  const log: string[] = [];
  const turns = new Turns([listSource("a", 3, log), listSource("b", 2, log)]);
  for (;;) {
    const taken = await turns.next();
    if (!taken) break;
    log.push(taken.work);
    taken.done();
  }
  assertEquals(log, ["a0", "b0", "a1", "b1", "a2", "b drained", "a drained"]);
});

Deno.test("Turns loses nothing of a source that answers later than another", async () => {
  const log: string[] = [];
  const turns = new Turns([
    listSource("slow", 5, log, { later: true }),
    listSource("fast", 5, log),
  ]);
  const got: string[] = [];
  async function lane() {
    for (let taken = await turns.next(); taken; taken = await turns.next()) {
      got.push(taken.work);
      taken.done();
    }
  }
  await Promise.all([lane(), lane(), lane()]);
  assertEquals(got.length, 10);
  assertEquals(new Set(got).size, 10);
  assertEquals(log.toSorted(), ["fast drained", "slow drained"]);
});

Deno.test("Turns keeps each source within its limit while others go on", async () => {
  const log: string[] = [];
  const turns = new Turns([listSource("a", 3, log, { limit: 1 }), listSource("b", 2, log)]);
  const first = await turns.next();
  const second = await turns.next();
  const third = await turns.next();
  assertEquals([first?.work, second?.work, third?.work], ["a0", "b0", "b1"]);
  const waiting = turns.next();
  first?.done();
  assertEquals((await waiting)?.work, "a1");
});

Deno.test("Turns drains a source only when its last piece is done", async () => {
  const log: string[] = [];
  const turns = new Turns([listSource("a", 1, log)]);
  const only = await turns.next();
  assertEquals(await turns.next(), undefined);
  assertEquals(log, []);
  only?.done();
  assertEquals(log, ["a drained"]);
});

Deno.test("Turns goes on with the others when a source fails", async () => {
  const log: string[] = [];
  const broken: TurnSource<string> = {
    limit: 5,
    pull: () => Promise.reject(new Error("no such row")),
    fail: (error) => {
      log.push(String(error));
    },
    drained: () => {
      log.push("broken drained");
    },
  };
  const turns = new Turns([broken, listSource("a", 1, log)]);
  const taken = await turns.next();
  assertEquals(taken?.work, "a0");
  taken?.done();
  assertEquals(await turns.next(), undefined);
  assertEquals(log.toSorted(), ["Error: no such row", "a drained", "broken drained"]);
});

Deno.test("Turns hands out nothing once closed, not even to those who wait", async () => {
  const turns = new Turns([listSource("a", 3, [], { limit: 1 })]);
  const first = await turns.next();
  assertEquals(first?.work, "a0");
  const waiting = turns.next();
  turns.close();
  assertEquals(await waiting, undefined);
  assertEquals(await turns.next(), undefined);
});
