import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { Pace } from "./pace.ts";

/** Starts as often as told; says how often that was at once. */
function starts(pace: Pace, count: number): { readonly atOnce: number; readonly held: string[] } {
  const held: string[] = [];
  let atOnce = 0;
  for (let number = 0; number < count; number++) {
    const turn = pace.start();
    if (turn) turn.then(() => held.push(`${number}`));
    else atOnce++;
  }
  return { atOnce, held };
}

Deno.test("a pace holds what exceeds one turn, and lets it go in order, turn by turn", async () => {
  const clock = new FakeClock();
  const pace = new Pace(clock);
  const { atOnce, held } = starts(pace, 300);
  assertEquals(atOnce, 64);
  await clock.pass(0);
  assertEquals(held.length, 236, "turns that take no time let ever more through");
  assertEquals(held, held.toSorted((a, b) => Number(a) - Number(b)));
  assertEquals(clock.pending, 0, "no timer where nothing is held");
});

Deno.test("a pace takes no timer for a few starts now and then", async () => {
  const clock = new FakeClock();
  const pace = new Pace(clock);
  for (let time = 0; time < 20; time++) {
    starts(pace, 8);
    assertEquals(clock.pending, 0);
    await clock.pass(9);
  }
  starts(pace, 9);
  assertEquals(clock.pending, 1);
});

/** Counts the turns that timers had. */
class CountingClock extends FakeClock {
  turns = 0;

  override after(milliseconds: number, callback: () => void): () => void {
    return super.after(milliseconds, () => {
      this.turns++;
      callback();
    });
  }
}

Deno.test("a pace allows less after a turn that took long", async () => {
  const clock = new CountingClock();
  const pace = new Pace(clock);
  starts(pace, 64);
  const inTurn: number[] = [0, 0, 0, 0];
  for (let more = 0; more < 64; more++) {
    pace.start()?.then(() => {
      clock.stall(1);
      inTurn[clock.turns] = (inTurn[clock.turns] ?? 0) + 1;
    });
  }
  clock.stall(17);
  await clock.pass(100);
  assertEquals(inTurn, [0, 32, 16, 16]);
});

Deno.test("a pace allows something even when every turn takes long", async () => {
  const clock = new FakeClock();
  const pace = new Pace(clock);
  const { held } = starts(pace, 64 + 100);
  for (let turn = 0; turn < 60; turn++) {
    clock.stall(1000);
    clock.advance(0);
  }
  await Promise.resolve();
  assertEquals(held.length, 100);
});
