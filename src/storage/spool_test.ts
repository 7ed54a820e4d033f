import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path/join";
import { DotevalsError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { Spool } from "./spool.ts";
import type { SpoolEntry, SpoolHeader } from "./spool_entry.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { ItemRecordDraft } from "./stored_record.ts";
import { definition, failure, record } from "./testing/samples.ts";
import { takeTurn } from "./spool_turn.ts";
import { waitingResults } from "./waiting_results.ts";

const HEADER: SpoolHeader = { experiment: "trial \ud800", location: "libsql://host" };
const EVALUATION = { ...definition(), id: 7 as EvaluationId, generation: 1 };

/** Runs `fn` in an empty folder that is removed afterwards. */
async function inFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  try {
    await fn(join(folder, "spool"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Opens a spool for the evaluation of these tests. */
async function openSpool(folder: string, header = HEADER): Promise<Spool> {
  const spool = await Spool.open(folder, header);
  spool.describe(EVALUATION);
  return spool;
}

function results(from: number, to: number): readonly SpoolEntry[] {
  return Array.from({ length: to - from }, (_, index) => {
    return { type: "result", record: record(EVALUATION.id, from + index) };
  });
}

/** Delivers everything; returns what came. */
async function drain(spool: Spool, most = 1_000): Promise<readonly SpoolEntry[]> {
  const entries: SpoolEntry[] = [];
  for (let page = await spool.next(most); page; page = await spool.next(most)) {
    entries.push(...page.entries);
    await spool.done(page);
  }
  return entries;
}

function recordsOf(entries: readonly SpoolEntry[]): readonly ItemRecordDraft[] {
  return entries.flatMap((entry) => entry.type === "result" ? [entry.record] : []);
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

/** The files that hold results, without their locks. */
async function spoolsIn(folder: string): Promise<readonly string[]> {
  return (await filesIn(folder)).filter((name) => name.endsWith(".jsonl"));
}

Deno.test("a spool gives back what was added, in order, and leaves no file", async () => {
  await inFolder(async (folder) => {
    const odd = record(EVALUATION.id, 1, {
      prompt: "nul \0, lone \ud800, emoji 🎈\n",
      metadata: "x".repeat(5_000_000),
      scores: [
        { name: "a", value: NaN, metadata: undefined },
        { name: "b", value: -0, metadata: '"m"' },
        { name: "c", value: { d: -Infinity }, metadata: undefined },
      ],
    });
    const records = [odd, failure(EVALUATION.id, 2), record(EVALUATION.id, 3)];
    const metrics = [{ score: "a", metric: "quantile", parameters: { q: Infinity } }];
    const spool = await openSpool(folder);
    await spool.add([{ type: "metrics", evaluation: EVALUATION.id, metrics }]);
    await spool.add(records.map((each) => ({ type: "result", record: each })));
    assertEquals(spool.results, 3);
    const [described, defined, ...others] = await drain(spool);
    const { id, name, variant, generation, fingerprint } = EVALUATION;
    assertEquals(described, {
      type: "evaluation",
      evaluation: { id, name, variant, generation, fingerprint },
    });
    assertEquals(defined, { type: "metrics", evaluation: EVALUATION.id, metrics });
    assertEquals(recordsOf(others), records);
    assertEquals([spool.results, spool.bytes, spool.added], [0, 0, spool.delivered]);
    await spool[Symbol.asyncDispose]();
    assertEquals(await filesIn(folder), []);
  });
});

Deno.test("a spool describes an evaluation again where its file does not", async () => {
  await inFolder(async (folder) => {
    await using spool = await openSpool(folder);
    for (const n of [0, 1]) {
      await spool.add(results(n, n + 1));
      assertEquals((await drain(spool)).map(({ type }) => type), ["evaluation", "result"]);
    }
    await spool.add(results(2, 3));
    spool.redefine(EVALUATION.id, { ...EVALUATION.fingerprint, code: "other" });
    await spool.add(results(3, 5));
    const types = (await drain(spool)).map(({ type }) => type);
    assertEquals(types, ["evaluation", "result", "evaluation", "result", "result"]);
  });
});

Deno.test("a spool delivers first what a session that died left, but for half a line", async () => {
  await inFolder(async (folder) => {
    {
      const died = await openSpool(folder);
      await died.add(results(0, 5));
      await died[Symbol.asyncDispose]();
    }
    const [left = ""] = await spoolsIn(folder);
    await Deno.writeTextFile(join(folder, left), '{"type":"result","rec', { append: true });
    const spool = await openSpool(folder);
    assertEquals([spool.earlier, spool.results], [1, 5]);
    await spool.add(results(5, 7));
    const positions = recordsOf(await drain(spool, 2)).map(({ position }) => position);
    assertEquals(positions, [0, 1, 2, 3, 4, 5, 6]);
    assertEquals(spool.earlier, 0);
    await spool[Symbol.asyncDispose]();
    assertEquals(await filesIn(folder), []);
  });
});

Deno.test("a spool leaves alone what a living session, another experiment or storage has", async () => {
  await inFolder(async (folder) => {
    await using living = await openSpool(folder);
    await living.add(results(0, 1));
    for (
      const header of [
        HEADER,
        { ...HEADER, experiment: "trial \udfff" },
        { ...HEADER, location: "libsql://other" },
      ]
    ) {
      await using spool = await openSpool(folder, header);
      assertEquals(spool.earlier, 0);
      await spool.add(results(1, 2));
      assertEquals((await drain(spool)).length, 2);
    }
    assertEquals(living.results, 1);
    assertNotEquals(await filesIn(folder), []);
    await drain(living);
  });
});

Deno.test("a spool of many bytes is several files, each gone when it was delivered", async () => {
  await inFolder(async (folder) => {
    await using spool = await openSpool(folder);
    const response = JSON.stringify("x".repeat(1_000_000));
    for (let n = 0; n < 40; n++) {
      await spool.add([{ type: "result", record: record(EVALUATION.id, n, { response }) }]);
    }
    assertEquals((await spoolsIn(folder)).length, 3);
    let [delivered, most] = [0, 3];
    for (let page = await spool.next(1_000); page; page = await spool.next(1_000)) {
      delivered += page.results;
      assert(page.results <= 3, "a page is bounded by its bytes");
      await spool.done(page);
      const files = (await spoolsIn(folder)).length;
      assert(files <= most);
      most = files;
    }
    assertEquals([delivered, most], [40, 1]);
  });
});

Deno.test("a spool takes what several commits add at once", async () => {
  await inFolder(async (folder) => {
    await using spool = await openSpool(folder);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => spool.add(results(n * 10, n * 10 + 10))),
    );
    const positions = recordsOf(await drain(spool, 7)).map(({ position }) => position);
    assertEquals(positions, Array.from({ length: 200 }, (_, n) => n));
  });
});

Deno.test("a spool says which folder it cannot write", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(folder, "a file in its place");
    const error = await assertRejects(() => openSpool(folder), DotevalsError);
    assertEquals([error.code, error.exitCode], ["spool-failed", 3]);
    assert(error.message.includes(folder));
  });
});

Deno.test("a spool that is deleted while it is open is made anew, with what it holds", async () => {
  await inFolder(async (folder) => {
    {
      await using spool = await openSpool(folder);
      await spool.add(results(0, 3));
      const page = await spool.next(1);
      assert(page !== undefined);
      await spool.done(page);
      await Deno.remove(folder, { recursive: true });
      await spool.add(results(3, 5));
      assertEquals(recordsOf(await drain(spool)).map(({ position }) => position), [1, 2, 3, 4]);
      await spool.add(results(5, 7));
      await Deno.remove(folder, { recursive: true });
      await spool.putBack();
      const [name] = await spoolsIn(folder);
      assertEquals(spool.paths, [join(folder, name ?? "")]);
      await Deno.remove(join(folder, name ?? ""));
    }
    await using spool = await openSpool(folder);
    assertEquals(spool.results, 2, "closing it put it back once more");
    assertEquals(recordsOf(await drain(spool)).map(({ position }) => position), [5, 6]);
  });
});

Deno.test("a spool that was deleted when all of it was delivered leaves nothing", async () => {
  await inFolder(async (folder) => {
    {
      await using spool = await openSpool(folder);
      await spool.add(results(0, 3));
      await Deno.remove(folder, { recursive: true });
      assertEquals((await drain(spool)).length, 4);
    }
    await assertRejects(() => Deno.stat(folder), Deno.errors.NotFound);
  });
});

Deno.test("a spool of a newer version is not passed over: its results would be asked for again", async () => {
  await inFolder(async (folder) => {
    {
      await using spool = await openSpool(folder);
      await spool.add(results(0, 3));
    }
    const [name = ""] = await spoolsIn(folder);
    const path = join(folder, name);
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace('"version":1', '"version":2'));
    const openings = [() => openSpool(folder), () => waitingResults(folder, HEADER.location)];
    for (const opening of openings) {
      const error = await assertRejects(opening, DotevalsError);
      assertEquals([error.code, error.exitCode], ["spool-newer", 3]);
      assert(error.message.includes(path), error.message);
    }
    assertEquals(await waitingResults(folder, "http://elsewhere"), []);
    assertEquals(await filesIn(folder), [name], "it stays, and no lock of it");
  });
});

Deno.test("a session waits for its turn, and says so when that takes long", async () => {
  await inFolder(async (folder) => {
    const clock = new FakeClock();
    let told = 0;
    const options = { ...HEADER, clock, onWaiting: () => told++ };
    const first = await takeTurn(folder, options);
    const waiting = takeTurn(folder, options);
    while (told === 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      clock.advance(50);
    }
    await using _other = await takeTurn(folder, { ...options, experiment: "another" });
    await first[Symbol.asyncDispose]();
    let ended = false;
    waiting.then(() => ended = true);
    while (!ended) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      clock.advance(50);
    }
    await using _second = await waiting;
    assertEquals(told, 1);
  });
});
