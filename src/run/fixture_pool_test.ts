import { systemClock } from "../clock.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { type Fixture, fixture } from "../evaluation/fixture.ts";
import { FixturePool } from "./fixture_pool.ts";

function pool(): FixturePool {
  return new FixturePool({ clock: systemClock, signal: new AbortController().signal });
}

Deno.test("a fixture whose teardown fails keeps no other from its own", async () => {
  const log: string[] = [];
  const make = (name: string, fails = false): Fixture<string> =>
    fixture(() => name, {
      teardown() {
        log.push(name);
        if (fails) throw new Error(`${name} is stuck`);
      },
    });
  const fixtures = pool();
  for (const name of ["first", "second", "third"]) {
    await fixtures.value(name, make(name, name === "second"));
  }
  const errors = await fixtures.tearDown();
  assertEquals(log, ["third", "second", "first"]);
  assertEquals(errors, ['The teardown of the fixture "second" failed: second is stuck']);
  assertEquals(await fixtures.tearDown(), [], "a second call finds nothing to tear down");
});

Deno.test("a fixture that is still being built is waited for, then torn down", async () => {
  const building = Promise.withResolvers<void>();
  let standing = 0;
  const slow = fixture(async () => {
    await building.promise;
    standing++;
  }, { teardown: () => void standing-- });
  const fixtures = pool();
  const value = fixtures.value("slow", slow);
  const tornDown = fixtures.tearDown();
  building.resolve();
  await Promise.all([value, tornDown]);
  assertEquals(standing, 0);
});

Deno.test("a fixture that cannot be built is built once, and is not torn down", async () => {
  let built = 0;
  const broken = fixture((): never => {
    built++;
    throw new RangeError("no room");
  }, { teardown: () => assertEquals("not to be torn down", "") });
  const fixtures = pool();
  await assertRejects(
    () => fixtures.value("broken", broken),
    Error,
    'The fixture "broken" could not be set up',
  );
  await assertRejects(
    () => fixtures.value("broken", broken),
    Error,
    'The fixture "broken" could not be set up',
  );
  assertEquals([built, await fixtures.tearDown()], [1, []]);
});

Deno.test("a value is torn down by its own disposal where the fixture has no teardown", async () => {
  const log: string[] = [];
  const fixtures = pool();
  await fixtures.value(
    "one",
    fixture(() => ({ [Symbol.dispose]: () => void log.push("dispose") })),
  );
  await fixtures.value(
    "one",
    fixture(() => ({
      [Symbol.dispose]: () => void log.push("not this"),
      [Symbol.asyncDispose]: () => Promise.resolve(void log.push("asyncDispose")),
    })),
  );
  await fixtures.value("one", fixture(() => "nothing to dispose of"));
  await fixtures.tearDown();
  assertEquals(log, ["asyncDispose", "dispose"]);
});
