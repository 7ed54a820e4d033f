import { assertEquals, assertRejects } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { Recorder } from "./recorder.ts";
import type { StorageSession } from "./storage.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { EvaluationMetrics } from "./stored_metric.ts";
import type { ItemRecordDraft } from "./stored_record.ts";
import { record as recordOf } from "./testing/samples.ts";

/** Takes commits and ends them when told to. */
class HeldSession {
  readonly commitSize = 3;
  readonly log: string[] = [];
  #commits: PromiseWithResolvers<{ recorded: number; doubled: number }>[] = [];

  commit(records: readonly ItemRecordDraft[], metrics: readonly EvaluationMetrics[]) {
    const defined = metrics.flatMap(({ metrics }) => metrics.map(({ metric }) => metric));
    const positions = records.map(({ position }) => String(position));
    this.log.push(`commit ${[...positions, ...defined]}`);
    const commit = Promise.withResolvers<{ recorded: number; doubled: number }>();
    this.#commits.push(commit);
    return commit.promise;
  }

  end(error?: Error): void {
    const commit = this.#commits.shift();
    if (error) commit?.reject(error);
    else commit?.resolve({ recorded: 1, doubled: 0 });
  }
}

function record(position: number): ItemRecordDraft {
  return recordOf(1 as EvaluationId, position);
}

function setUp() {
  const clock = new FakeClock();
  const session = new HeldSession();
  const committed: number[] = [];
  const failed: unknown[] = [];
  const said: string[] = [];
  const recorder = new Recorder(session as unknown as StorageSession, {
    clock,
    onCommitted: (records) => committed.push(...records.map(({ position }) => position)),
    onWaiting: ({ message }) => said.push(message),
    onGoingOn: () => said.push("going on"),
    onFailed: (error) => failed.push(error),
  });
  return { clock, session, committed, failed, said, recorder };
}

Deno.test("the recorder gathers results for a moment and commits them together", async () => {
  const { clock, session, committed, recorder } = setUp();
  recorder.add([record(1)]);
  recorder.add([record(2)]);
  await clock.pass(49);
  assertEquals(session.log, []);
  await clock.pass(1);
  assertEquals(session.log, ["commit 1,2"]);
  assertEquals(committed, [], "nothing counts before it is stored");
  session.end();
  await clock.pass(0);
  assertEquals(committed, [1, 2]);
});

Deno.test("the recorder commits at once when a commit is full, one at a time", async () => {
  const { clock, session, committed, recorder } = setUp();
  recorder.add([1, 2, 3, 4].map(record));
  assertEquals(recorder.ready(), undefined);
  await clock.pass(0);
  assertEquals(session.log, ["commit 1,2,3"]);
  recorder.add([record(5)]);
  session.end();
  await clock.pass(0);
  assertEquals(session.log, ["commit 1,2,3", "commit 4,5"]);
  session.end();
  await clock.pass(0);
  assertEquals(committed, [1, 2, 3, 4, 5]);
});

Deno.test("the recorder holds lanes back while results come faster than they are stored", async () => {
  const { clock, session, recorder } = setUp();
  recorder.add([1, 2, 3, 4, 5, 6].map(record));
  await clock.pass(0);
  let released = false;
  const held = recorder.ready()?.then(() => {
    released = true;
  });
  await clock.pass(0);
  assertEquals(released, false);
  session.end();
  await clock.pass(0);
  await held;
  assertEquals(released, true);
});

Deno.test("the recorder stores definitions of metrics with the results that need them", async () => {
  const { clock, session, recorder } = setUp();
  recorder.define(1 as EvaluationId, [{ score: "s", metric: "accuracy", parameters: {} }]);
  recorder.add([record(1)]);
  const flushed = recorder.flush();
  await clock.pass(50);
  assertEquals(session.log, ["commit 1,accuracy"]);
  session.end();
  await flushed;
});

Deno.test("a commit that fails is told once, releases the lanes, and fails every flush", async () => {
  const { clock, session, committed, failed, recorder } = setUp();
  recorder.add([1, 2, 3, 4, 5, 6].map(record));
  const held = recorder.ready();
  await clock.pass(0);
  session.end(new Error("disk full"));
  await held;
  await clock.pass(0);
  assertEquals(committed, []);
  assertEquals(failed.map(String), ["Error: disk full"]);
  await assertRejects(() => recorder.flush(), Error, "disk full");
});

function full(): DotevalsError {
  return new DotevalsError("No room.", { code: "storage-full", hint: "Make room.", exitCode: 3 });
}

Deno.test("results go to the storage although the event loop gives no timer a turn", async () => {
  const { clock, session, recorder } = setUp();
  recorder.add([record(1)]);
  await clock.pass(50);
  recorder.add([record(2)]);
  clock.stall(71);
  recorder.add([record(3)]);
  assertEquals(session.log, ["commit 1", "commit 2,3"], "behind the one whose end is not seen");
});

Deno.test("while there is no room, results wait and are tried again", async () => {
  const { clock, session, committed, said, recorder } = setUp();
  recorder.add([record(1)]);
  await clock.pass(50);
  session.end(full());
  await clock.pass(499);
  recorder.add([record(2)]);
  assertEquals([session.log, said], [["commit 1"], ["No room."]]);
  await clock.pass(1);
  session.end(full());
  await clock.pass(500);
  session.end();
  await clock.pass(0);
  session.end();
  await clock.pass(0);
  assertEquals(committed, [1, 2]);
  assertEquals(said, ["No room.", "going on"]);
  assertEquals(session.log, ["commit 1", "commit 1", "commit 1", "commit 2"]);
});

Deno.test("results that find no room are given up once a commit's worth of others waits", async () => {
  const { clock, session, failed, recorder } = setUp();
  recorder.add([record(1)]);
  await clock.pass(50);
  session.end(full());
  await clock.pass(0);
  recorder.add([2, 3, 4].map(record));
  await clock.pass(500);
  session.end(full());
  await clock.pass(0);
  assertEquals(failed.map(String), ["DotevalsError: No room. 4 results could not be recorded."]);
  await assertRejects(() => recorder.flush(), DotevalsError, "No room.");
});

Deno.test("results that find no room are given up after a minute", async () => {
  const { clock, session, failed, recorder } = setUp();
  recorder.add([record(1)]);
  await clock.pass(50);
  for (let time = 0; time < 121; time++) {
    session.end(full());
    await clock.pass(500);
    assertEquals(failed, []);
  }
  session.end(full());
  await clock.pass(0);
  assertEquals(failed.map(String), ["DotevalsError: No room. 1 result could not be recorded."]);
});
