/**
 * Cases of calls that are no longer wanted.
 *
 * @module
 */
import type { ConformanceCase } from "./case.ts";
import { check, settled, shown } from "./check.ts";
import type { Trial } from "./trial.ts";

/** Calls that are aborted. */
export const cancellationCases: readonly ConformanceCase[] = [
  {
    name: "aborted-before",
    sentence: "makes no call whose signal is aborted already",
    situation: "answers",
    async run(trial) {
      const handle = await trial.setUp();
      const reason = new Error("not wanted");
      const call = handle.model.generate("?", { signal: AbortSignal.abort(reason) });
      await endsWith(reason, call, trial);
      const calls = await trial.endpoint.calls?.() ?? 0;
      check(calls === 0, `no call may arrive at the endpoint; there were ${calls}`);
      await trial.ask(handle, 0);
    },
  },
  {
    name: "cancellation",
    sentence: "ends an aborted call with its signal's reason, and no other call",
    situation: "holds",
    async run(trial) {
      const handle = await trial.setUp();
      const stop = new AbortController();
      const reason = new Error("no longer wanted");
      const aborted = settled(trial.ask(handle, 0, { signal: stop.signal }));
      const other = settled(trial.ask(handle, 1));
      await trial.underWay(2);
      stop.abort(reason);
      await endsWith(reason, aborted.then(unwrapped), trial);
      await trial.endpoint.release?.();
      unwrapped(await trial.within(other, "a call that is not aborted must be answered"));
    },
  },
  {
    name: "connection",
    sentence: "closes the connection of an aborted call",
    situation: "holds",
    async run(trial) {
      check(trial.endpoint.waiting !== undefined, "nobody sees connections: leave the case out");
      const handle = await trial.setUp();
      const stop = new AbortController();
      const aborted = settled(handle.model.generate("?", { signal: stop.signal }));
      await trial.underWay(1);
      stop.abort(new Error("no longer wanted"));
      await trial.until(
        async () => await trial.endpoint.waiting?.() === 0,
        "the endpoint must see the connection of an aborted call close",
      );
      await aborted;
    },
  },
];

async function endsWith(reason: unknown, call: Promise<unknown>, trial: Trial): Promise<void> {
  const what = "an aborted call must end";
  const end = await trial.within(settled(call), what);
  check(end.failed, "an aborted call must fail; it was answered");
  check(
    end.error === reason,
    `an aborted call must throw its signal's reason; it threw ${shown(end.error)}`,
  );
}

function unwrapped(end: Awaited<ReturnType<typeof settled>>): unknown {
  if (end.failed) throw end.error;
  return end.value;
}
