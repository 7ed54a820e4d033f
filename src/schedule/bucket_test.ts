import { assert, assertEquals } from "@std/assert";
import { Bucket } from "./bucket.ts";

Deno.test("a bucket that nobody read holds nothing back", () => {
  assertEquals(new Bucket().wait(1_000_000, 0), 0);
});

Deno.test("a bucket counts what was sent since it was read, and what flowed back", () => {
  const bucket = new Bucket();
  // 60 a minute, 10 left: one more each second.
  bucket.spent = 1;
  bucket.read({ limit: 60, remaining: 10, resetMs: 50_000 }, { sentAt: 1000, spent: 1 });
  assertEquals(bucket.wait(8, 1000), 0);
  bucket.spent += 8;
  assertEquals(Math.round(bucket.wait(1, 1000)), 204, "1.2 of 60 are kept back");
  assertEquals(bucket.wait(1, 1205), 0);
});

Deno.test("a bucket goes by the reading of the call that was sent last", () => {
  const bucket = new Bucket();
  bucket.read({ limit: 60, remaining: 0, resetMs: 60_000 }, { sentAt: 2000, spent: 0 });
  bucket.read({ limit: 60, remaining: 50, resetMs: 10_000 }, { sentAt: 1000, spent: 0 });
  assert(bucket.wait(1, 2000) > 0);
});

Deno.test("a bucket that is filled at the end of a window is waited for until then", () => {
  const bucket = new Bucket();
  for (let second = 0; second <= 20; second += 5) {
    const remaining = 40 - 2 * second;
    bucket.read({ limit: 60, remaining, resetMs: 60_000 - second * 1000 }, {
      sentAt: second * 1000,
      spent: 0,
    });
  }
  assertEquals(bucket.wait(1, 20_000), 40_000);
  assertEquals(bucket.wait(1, 60_000), 0);
});

Deno.test("a bucket without a known limit is waited for until its reset", () => {
  const bucket = new Bucket();
  bucket.read({ remaining: 1, resetMs: 8000 }, { sentAt: 0, spent: 0 });
  assertEquals(bucket.wait(1, 0), 0);
  bucket.spent = 1;
  assertEquals(bucket.wait(1, 0), 8000);
  assertEquals(bucket.wait(1, 8000), 0);
});

Deno.test("a call that takes more than the whole waits for the whole", () => {
  const bucket = new Bucket();
  bucket.read({ limit: 60, remaining: 30, resetMs: 30_000 }, { sentAt: 0, spent: 0 });
  assertEquals(Math.floor(bucket.wait(1000, 0) / 1000), 31, "a fraction may have been left out");
  assertEquals(bucket.wait(1000, 32_000), 0);
});

Deno.test("readings that are rounded, and close to each other, make no window of a flow", () => {
  const bucket = new Bucket();
  for (let now = 0; now < 2000; now += 15) {
    // 50 a second, used as they come back: what is left is told without its fraction.
    const left = (now / 20) % 1;
    const reading = { limit: 50, remaining: 0, resetMs: Math.ceil((50 - left) * 20) };
    bucket.read(reading, { sentAt: now, spent: 0 });
  }
  const wait = bucket.wait(1, 1995);
  assert(wait < 100, `${wait}`);
});

Deno.test("a bucket whose reset is told as 0 seconds fills within a second", () => {
  const bucket = new Bucket();
  bucket.read({ limit: 10, remaining: 0, resetMs: 0 }, { sentAt: 0, spent: 0 });
  assertEquals(bucket.wait(1, 0), 120, "a tenth of a second, and what is kept back");
  const slow = new Bucket();
  slow.read({ limit: 60, remaining: 30, resetMs: 30_000 }, { sentAt: 0, spent: 0 });
  slow.read({ limit: 60, remaining: 0, resetMs: 0 }, { sentAt: 1000, spent: 0 });
  assert(slow.wait(1, 1000) > 1000, "what was learned before counts");
});
