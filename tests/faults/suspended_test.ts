import { assertEquals } from "@std/assert";
import { finished } from "../finished.ts";
import { fixturePath, shown, workplace } from "../cli/command.ts";
import { startModelServer } from "./model_server.ts";
import { withoutAttempts } from "./without_attempts.ts";

const ITEMS = 40;
const ARGS = [
  "run",
  fixturePath("asking"),
  "--experiment",
  "e",
  "--model",
  "openai:m",
  "--concurrency",
  "4",
];

/** What is given a time limit, in milliseconds. */
interface Limits {
  readonly item?: number;
  readonly call?: number;
}

/** Runs with a process that sleeps for two seconds while calls are in flight. */
async function suspend({ item, call }: Limits): Promise<readonly number[]> {
  await using model = startModelServer({
    wait: () => new Promise((resolve) => setTimeout(resolve, 100)),
  });
  const env = { ITEMS: String(ITEMS), OPENAI_BASE_URL: model.url };
  const args = call === undefined
    ? ARGS
    : [...ARGS, "--model-option", `openai:m.timeoutMs=${call}`];
  await using place = await workplace({
    ...env,
    ...item !== undefined && { TIMEOUT: String(item) },
  });
  const run = place.start(args);
  const some = Promise.withResolvers<void>();
  model.onAnswer = () => {
    if (model.answered === 10) some.resolve();
  };
  await Promise.race([some.promise, run.status]);
  run.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 2000));
  run.kill("SIGCONT");
  const { code, stderr } = await finished(run);
  assertEquals(code, 0, stderr);
  const asked = Map.groupBy(model.calls, ({ prompt }) => prompt);
  await using undisturbed = await workplace(env);
  await undisturbed.dotevals(...args);
  const [slept, awake] = [await shown(place, "e"), await shown(undisturbed, "e")];
  // A call that took too long by its provider's clock is made again.
  if (call === undefined) assertEquals(slept, awake);
  else assertEquals(withoutAttempts(slept), withoutAttempts(awake));
  return [...asked.values()].map((calls) => calls.length);
}

Deno.test("a run that sleeps longer than its timeouts goes on as if nothing had been", async () => {
  assertEquals(await suspend({ item: 1000 }), Array(ITEMS).fill(1));
});

Deno.test("a run that sleeps longer than its calls may take ends none with an error", async () => {
  await suspend({ call: 1000 });
});
