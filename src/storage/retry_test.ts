import { assertEquals, assertRejects } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { Reach } from "./reach.ts";
import { Retry } from "./retry.ts";

const SIGNAL = new AbortController().signal;

function unreachable(): DotevalsError {
  return new DotevalsError("Nobody answers.", { code: "storage-unreachable", exitCode: 3 });
}

function setUp(patienceMs = 60_000) {
  const clock = new FakeClock();
  const reach = new Reach(clock);
  const told: string[] = [];
  reach.listen({ away: ({ message }) => told.push(message), back: () => told.push("back") });
  return { clock, reach, told, retry: new Retry({ clock, random: () => 1, reach, patienceMs }) };
}

Deno.test("a call is made again, less and less often, until it is answered", async () => {
  const { clock, retry, told } = setUp();
  const start = clock.monotonic();
  const attempts: number[] = [];
  const result = retry.call(() => {
    attempts.push(clock.monotonic() - start);
    return attempts.length < 9 ? Promise.reject(unreachable()) : Promise.resolve("answer");
  }, SIGNAL);
  await clock.pass(60_000);
  assertEquals(await result, "answer");
  assertEquals(attempts, [0, 50, 150, 350, 750, 1_550, 3_150, 5_150, 7_150]);
  assertEquals(told, ["Nobody answers.", "back"]);
});

Deno.test("a call is not made again when the database refused it", async () => {
  const { retry } = setUp();
  let attempts = 0;
  const refused = retry.call(() => {
    attempts++;
    return Promise.reject(new DotevalsError("No.", { code: "storage-unauthorized" }));
  }, SIGNAL);
  await assertRejects(() => refused, DotevalsError, "No.");
  assertEquals(attempts, 1);
});

Deno.test("a call is given up when patience is at its end, and not because the machine slept", async () => {
  const { clock, retry } = setUp(40_000);
  let attempts = 0;
  const failing = retry.call(async () => {
    // The first attempt falls into an hour of sleep.
    if (attempts++ === 0) clock.stall(3_600_000);
    await Promise.reject(unreachable());
  }, SIGNAL);
  const given = assertRejects(() => failing, DotevalsError, "Nobody answers.");
  await clock.pass(120_000);
  await given;
  assertEquals(attempts, 10, "thirty seconds for the hour, ten for the rest");
});

Deno.test("a call that waits ends with its database", async () => {
  const { clock, retry } = setUp();
  const closed = new AbortController();
  const waiting = retry.call(() => Promise.reject(unreachable()), closed.signal);
  await clock.pass(200);
  closed.abort(new Error("closed"));
  await assertRejects(() => waiting, Error, "closed");
  assertEquals(clock.pending, 0);
});

Deno.test("a database that misses a call and answers the next is not called away", () => {
  const { clock, reach, told } = setUp();
  for (let n = 0; n < 5; n++) {
    reach.missed(unreachable(), clock.monotonic());
    clock.advance(900);
    reach.missed(unreachable(), clock.monotonic());
    reach.met();
  }
  assertEquals(told, []);
});
