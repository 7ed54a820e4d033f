/**
 * Cases of setups that do not succeed, and of the end.
 *
 * @module
 */
import type { ConformanceCase } from "./case.ts";
import { check, settled, shown } from "./check.ts";

/** Setup that goes wrong, and teardown. */
export const lifetimeCases: readonly ConformanceCase[] = [
  {
    name: "teardown-twice",
    sentence: "is torn down once, however often that is asked for",
    situation: "answers",
    async run(trial) {
      await trial.setUp().then((handle) => trial.ask(handle, 0));
      const handle = await trial.begin(new AbortController().signal);
      const end = teardownOf(handle);
      await trial.within(Promise.all([end(), end()]), "teardown must come to an end");
      const again = await trial.within(settled(end()), "a second teardown must come to an end");
      check(
        !again.failed,
        `a second teardown must do nothing; it threw ${again.failed && shown(again.error)}`,
      );
    },
  },
  {
    name: "teardown-during-calls",
    sentence: "is torn down during calls, which then end",
    situation: "holds",
    async run(trial) {
      const handle = await trial.setUp();
      const calls = [0, 1].map((n) => settled(trial.ask(handle, n)));
      await trial.underWay(2);
      await trial.within(handle.teardown(), "teardown during calls must come to an end");
      const ends = await trial.within(Promise.all(calls), "calls must end with their model");
      for (const end of ends) {
        check(end.failed, "a call that waits at the endpoint cannot be answered");
        check(end.error instanceof Error, `an error must be thrown, not ${shown(end.error)}`);
      }
      await trial.until(
        async () => await (trial.endpoint.waiting?.() ?? 0) === 0,
        "no call may be left at the endpoint",
      );
      await trial.nothingLeft();
    },
  },
  {
    name: "setup-fails",
    sentence: "says why a model cannot be set up, and leaves nothing behind",
    situation: "setup-fails",
    async run(trial) {
      const setup = settled(trial.begin(new AbortController().signal));
      const end = await trial.within(setup, "a setup that fails must end");
      check(end.failed, "a setup that cannot succeed must fail");
      const { error } = end;
      check(error instanceof Error && error.message !== "", "the error must say why");
      await trial.nothingLeft();
    },
  },
  {
    name: "setup-hangs",
    sentence: "gives a setup up when its signal is aborted, and leaves nothing behind",
    situation: "setup-hangs",
    async run(trial) {
      const stop = new AbortController();
      let ended = false;
      const setup = settled(trial.begin(stop.signal)).finally(() => ended = true);
      if (trial.endpoint.waiting) await trial.underWay(1);
      else await new Promise((resolve) => setTimeout(resolve));
      check(!ended, "the setup must hang, or the case be left out");
      stop.abort(new Error("the session stops"));
      const end = await trial.within(setup, "a setup whose signal is aborted must end");
      if (!end.failed) await teardownOf(end.value)();
      check(end.failed, "a setup whose signal is aborted must fail");
      await trial.nothingLeft();
    },
  },
];

/** The provider's own teardown: a session calls it once only. */
function teardownOf(handle: unknown): () => Promise<unknown> {
  check(typeof handle === "object" && handle !== null, "setup must return a handle");
  const end: unknown = Reflect.get(handle, "teardown") ?? Reflect.get(handle, Symbol.asyncDispose);
  check(typeof end === "function", "a handle must have a teardown");
  return async () => await end.call(handle);
}
