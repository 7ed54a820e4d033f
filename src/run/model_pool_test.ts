import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { model } from "../providers/model_spec.ts";
import { type ModelHandle, modelHandle } from "../providers/provider.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { SETUP_PATIENCE_MS, TEARDOWN_PATIENCE_MS } from "./fixture_pool.ts";
import { ModelPool, type SetUpModel } from "./model_pool.ts";

type Teardown = () => void | Promise<void>;

function handleOf(name: string, teardown: Teardown): ModelHandle {
  return modelHandle(name, { generate: () => Promise.resolve({ text: "" }) }, { teardown });
}

function setUp(setUpModel: SetUpModel) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const told: string[] = [];
  const pool = new ModelPool(setUpModel, {
    clock,
    signal: stop.signal,
    emit: (event) => {
      if (event.type === "message") told.push(event.text);
    },
  });
  return { clock, stop, told, pool };
}

/** Models that stand as soon as they are asked for, noting what happens. */
function standing(teardowns: Readonly<Record<string, Teardown>> = {}) {
  const log: string[] = [];
  return {
    log,
    ...setUp(({ spec }) => {
      log.push(`up ${spec}`);
      return Promise.resolve(handleOf(spec, () => {
        log.push(`down ${spec}`);
        return teardowns[spec]?.();
      }));
    }),
  };
}

/** Lets what is ready go on. */
async function settle(clock: FakeClock): Promise<void> {
  await clock.pass(0);
}

Deno.test("a model is set up once for all who hold it, and torn down when the last lets go", async () => {
  const { pool, log, clock } = standing();
  const holds = ["a:", "a:", "b:"].map((spec) => pool.hold(model(spec)));
  const [first, second, other] = holds;
  assertStrictEquals(await first?.handle(), await second?.handle());
  first?.release();
  first?.release();
  await settle(clock);
  assertEquals(log, ["up a:"]);
  second?.release();
  await settle(clock);
  assertEquals(log, ["up a:", "down a:"]);
  other?.release();
  await pool.tearDown();
  assertEquals(log, ["up a:", "down a:"]);
});

Deno.test("a model that is needed again is set up again, after its teardown", async () => {
  const ending = Promise.withResolvers<void>();
  const { pool, log, clock } = standing({ "a:": () => ending.promise });
  const first = pool.hold(model("a:"));
  await first.handle();
  first.release();
  const again = pool.hold(model("a:"));
  const handle = again.handle();
  await settle(clock);
  assertEquals(log, ["up a:", "down a:"]);
  ending.resolve();
  await handle;
  assertEquals(log, ["up a:", "down a:", "up a:"]);
  await pool.tearDown();
  assertEquals(log.length, 4);
});

Deno.test("tearDown() ends every model, though one fails and one hangs, and says which", async () => {
  const { pool, log, clock, told } = standing({
    "bad:": () => Promise.reject(new Error("no")),
    "hung:": () => new Promise(() => {}),
  });
  for (const spec of ["bad:", "hung:", "good:"]) await pool.hold(model(spec)).handle();
  const ended = pool.tearDown();
  await clock.pass(TEARDOWN_PATIENCE_MS);
  await ended;
  assertEquals(log.slice(3), ["down bad:", "down hung:", "down good:"]);
  assertEquals(told, [
    'The teardown of the model "bad:" failed: no',
    'The teardown of the model "hung:" failed: it did not come to its end within 10 s',
  ]);
});

Deno.test("a setup that nobody waits for is told to stop, and what stands nevertheless is ended", async () => {
  const coming = Promise.withResolvers<ModelHandle>();
  const down: string[] = [];
  let signal: AbortSignal | undefined;
  const { pool, clock, told } = setUp((_spec, surroundings) => {
    signal = surroundings.signal;
    return coming.promise;
  });
  const hold = pool.hold(model("a:"));
  void hold.handle();
  await settle(clock);
  hold.release();
  assertEquals(signal?.aborted, true);
  const ended = pool.tearDown();
  await clock.pass(SETUP_PATIENCE_MS);
  await ended;
  assertEquals(down, []);
  coming.resolve(handleOf("a:", () => void down.push("late")));
  await settle(clock);
  assertEquals([down, told], [["late"], []]);
});

Deno.test("a setup that fails fails all who hold the model, and leaves nothing to tear down", async () => {
  let setups = 0;
  const { pool, told } = setUp(() => {
    setups++;
    return Promise.reject(new Error("no GPU"));
  });
  for (const hold of [pool.hold(model("a:")), pool.hold(model("a:"))]) {
    await assertRejects(() => hold.handle(), Error, "no GPU");
  }
  await pool.tearDown();
  assertEquals([setups, told], [1, []]);
});
