import { assertEquals, assertMatch } from "@std/assert";
import { fixturePath, shown, workplace } from "../cli/command.ts";
import { finished } from "../finished.ts";
import { FakeClock } from "../../src/testing/fake_clock.ts";
import { runWhileLocked } from "./locked_file.ts";
import { startModelServer } from "./model_server.ts";
import { takeOver } from "./take_over.ts";

const ARGS = [fixturePath("asking"), "--experiment", "e", "--model", "openai:m"];

Deno.test("a run waits for a database that another process has locked, and goes on", async () => {
  await runWhileLocked(1500);
});

Deno.test("a second session is refused with the first one's name, even while that one sleeps", async () => {
  const [some, refused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using model = startModelServer({
    wait(_prompt, number) {
      if (number === 20) some.resolve();
      return number < 20 ? undefined : refused.promise;
    },
  });
  const env = { ITEMS: "200", OPENAI_BASE_URL: model.url };
  await using place = await workplace(env);
  const first = place.start(["run", ...ARGS, "--concurrency", "4"]);
  await some.promise;
  const named = new RegExp(
    `The experiment "e" is in use: process ${first.pid} on ${Deno.hostname()} writes to it ` +
      `\\(last heartbeat \\d+ s ago\\)`,
  );
  for (const signal of ["SIGSTOP", "SIGCONT"] as const) {
    first.kill(signal);
    const { code, stderr } = await place.dotevals("run", ...ARGS);
    assertEquals(code, 3);
    assertMatch(stderr, named);
  }
  refused.resolve();
  const { code, stderr } = await finished(first);
  assertEquals(code, 0, stderr);
  assertEquals(model.calls.length, 200);
  await using undisturbed = await workplace(env);
  await undisturbed.dotevals("run", ...ARGS);
  assertEquals(await shown(place, "e"), await shown(undisturbed, "e"));
});

Deno.test("a killed session's experiment is taken over without any waiting", async () => {
  // No time passes on this clock: what waits for it waits for ever.
  await takeOver(new FakeClock());
});
