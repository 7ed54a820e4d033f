import { assert, assertEquals, assertRejects } from "@std/assert";
import { seeded } from "../../tests/faults/seeded.ts";
import { type Amounts, Budget, BudgetSpentError, type Claim, type Reservation } from "./budget.ts";

const { signal } = new AbortController();

function claim(tokens: number, more: Partial<Claim> = {}): Claim {
  return { estimate: () => ({ tokens, cost: 0 }), sure: () => undefined, signal, ...more };
}

function tokens(count: number): Amounts {
  return { tokens: count, cost: 0 };
}

Deno.test("a budget refuses all calls once one does not fit and none is under way", async () => {
  const spent: unknown[] = [];
  const budget = new Budget({ tokens: 100 }, (kind, next) => spent.push([kind, next.tokens]));
  const first = await budget.reserve(claim(60));
  const refused = budget.reserve(claim(60));
  first.settle(tokens(50));
  await assertRejects(() => Promise.resolve(refused), BudgetSpentError, "tokens");
  await assertRejects(() => Promise.resolve(budget.reserve(claim(1))), BudgetSpentError);
  assertEquals(spent, [["tokens", 60]], "what the next one would take is told");
});

Deno.test("what a call leaves of its part is there for others", async () => {
  const budget = new Budget({ tokens: 100 }, () => {});
  const first = await budget.reserve(claim(90));
  const next = budget.reserve(claim(60));
  first.settle(tokens(10));
  (await next).settle(tokens(60));
  assertEquals(budget.taken.tokens, 70);
});

Deno.test("calls of which nothing is known wait for the first, then go side by side", async () => {
  const budget = new Budget({ tokens: 1000 }, () => {});
  const known: number[] = [];
  const unknown = {
    estimate: () => tokens(known[0] ?? 1),
    sure: () => known.length === 0 ? tokens(1) : undefined,
  };
  const first = await budget.reserve(claim(0, unknown));
  const parts: Reservation[] = [];
  const others = [0, 1, 2].map(async () => {
    parts.push(await budget.reserve(claim(0, unknown)));
  });
  await Promise.resolve();
  assertEquals(parts.length, 0);
  known.push(50);
  first.settle(tokens(50));
  await Promise.all(others);
  for (const part of parts) part.settle(tokens(50));
  assertEquals(budget.taken.tokens, 200);
});

Deno.test("of a guess only what is sure must be left, and something", async () => {
  const guessed = (sure: number) => claim(500, { sure: () => tokens(sure) });
  for (const [left, sure, isLet] of [[100, 100, true], [100, 101, false], [0, 0, false]] as const) {
    const budget = new Budget({ tokens: 100 }, () => {});
    (await budget.reserve(claim(0))).settle(tokens(100 - left));
    const reserved = Promise.resolve(budget.reserve(guessed(sure)));
    if (isLet) await reserved;
    else await assertRejects(() => reserved, BudgetSpentError);
  }
});

Deno.test("a call that is aborted waits no longer", async () => {
  const budget = new Budget({ tokens: 100 }, () => {});
  await budget.reserve(claim(80));
  const stop = new AbortController();
  const waiting = Promise.resolve(budget.reserve(claim(80, { signal: stop.signal })));
  stop.abort(new RangeError("enough"));
  await assertRejects(() => waiting, RangeError, "enough");
});

Deno.test("a call inside of another one does not wait for it", async () => {
  const budget = new Budget({ tokens: 100 }, () => {});
  await budget.reserve(claim(80));
  (await budget.reserve(claim(80, { isInside: true }))).settle(tokens(1));
});

Deno.test("what is taken passes the cap by no more than one call's error of estimation", async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    let isSpent = false;
    const budget = new Budget({ tokens: 5000 }, () => {
      isSpent = true;
    });
    const underWay: { readonly part: Reservation; readonly takes: number }[] = [];
    let worst = 0;
    for (let call = 0; call < 500 && !isSpent; call++) {
      const estimate = 20 + Math.floor(random() * 100);
      // Up to twice what was expected.
      const takes = Math.floor(estimate * 2 * random());
      const reserved = budget.reserve(claim(estimate));
      if (reserved instanceof Promise) {
        reserved.then((part) => part.settle(tokens(takes)), () => {});
        while (underWay.length > 0) {
          const { part, takes } = underWay.shift() ?? { part: undefined, takes: 0 };
          part?.settle(tokens(takes));
          await Promise.resolve();
        }
        await reserved.catch(() => {});
      } else underWay.push({ part: reserved, takes });
      worst = Math.max(worst, takes - estimate);
      if (random() < 0.3) {
        const [ended] = underWay.splice(Math.floor(random() * underWay.length), 1);
        ended?.part.settle(tokens(ended.takes));
      }
    }
    assert(isSpent, `seed ${seed}`);
    assert(budget.taken.tokens <= 5000 + worst, `seed ${seed}: ${budget.taken.tokens}`);
    assert(budget.taken.tokens >= 5000 - 250, `seed ${seed}: ${budget.taken.tokens} is too little`);
  }
});
