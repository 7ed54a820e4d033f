import { assert, assertEquals } from "@std/assert";
import { foreach } from "../evaluation/foreach.ts";
import { openStorage } from "../storage/open.ts";
import type { Storage, StorageSession } from "../storage/storage.ts";
import { run } from "./run.ts";
import { correct } from "./testing/records.ts";

const ROWS = 12_000;

/** Lanes of an automatic limit at the most, and two commits: one under way, one that gathers. */
const MOST_AHEAD = 256 + 2 * 1_000;

/** A storage in memory whose commits wait for something first. */
async function withCommits(
  before: (session: StorageSession) => Promise<void>,
): Promise<Storage> {
  const storage = await openStorage("memory:", { mode: "write" });
  const begin = storage.begin.bind(storage);
  storage.begin = async (...args) => {
    const session = await begin(...args);
    const commit = session.commit.bind(session);
    session.commit = async (...records) => {
      await before(session);
      return await commit(...records);
    };
    return session;
  };
  return storage;
}

/** Fulfilled when a count has not gone up for some turns of the event loop. */
async function quiet(count: () => number): Promise<void> {
  for (let [turns, before] = [0, -1]; turns < 20; turns++) {
    if (count() !== before) turns = 0;
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

Deno.test("rows are pulled no further ahead of slow commits than two of these hold", async () => {
  let [pulled, stored, ahead] = [0, 0, 0];
  const rows = foreach(
    "n",
    function* () {
      for (; pulled < ROWS; pulled++) yield { n: pulled };
    },
    { name: "rows" },
    () => correct(true),
  );
  await using storage = await withCommits(async () => {
    await quiet(() => pulled);
    ahead = Math.max(ahead, pulled - stored);
  });
  await using results = await run(rows, {
    storage,
    onEvent: (event) => {
      if (event.type === "items-committed") stored = event.completed;
    },
  });
  assertEquals(results.summary().total, ROWS);
  assert(ahead > 0 && ahead <= MOST_AHEAD, `${ahead} rows ahead`);
});

Deno.test("what comes behind one slow item is committed while it runs", async () => {
  const { promise: othersStored, resolve } = Promise.withResolvers<void>();
  const rows = foreach(
    "n",
    function* () {
      for (let n = 0; n < ROWS; n++) yield { n };
    },
    { name: "rows" },
    async ({ n }) => {
      if (n === 0) await othersStored;
      return correct(true);
    },
  );
  // Were anything kept back behind the slow item, this would never end.
  await using results = await run(rows, {
    storage: "memory:",
    onEvent: (event) => {
      if (event.type === "items-committed" && event.completed === ROWS - 1) resolve();
    },
  });
  assertEquals(results.summary().total, ROWS);
});
