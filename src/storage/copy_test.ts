import { assertEquals, assertRejects } from "@std/assert";
import { copyExperiment } from "./copy.ts";
import { memoryStorage } from "./memory.ts";
import { openStorage } from "./open.ts";
import type { Storage } from "./storage.ts";
import { definition, HOLDER, record } from "./testing/samples.ts";

async function filled(storage: Storage): Promise<Storage> {
  await using session = await storage.begin("trial", HOLDER);
  const evaluation = await session.evaluation(definition());
  await session.commit(Array.from({ length: 2500 }, (_, at) => record(evaluation, at)));
  await session.finish(evaluation.id, "complete", 2500);
  return storage;
}

Deno.test("copyExperiment() copies from a file to another storage and back, and verifies it", async () => {
  const folder = await Deno.makeTempDir();
  {
    await using file = await filled(await openStorage(`${folder}/a.db`, { mode: "write" }));
    await using memory = memoryStorage();
    await using back = await openStorage(`${folder}/b.db`, { mode: "write" });
    for (const [from, to] of [[file, memory], [memory, back]] as const) {
      const outcome = await copyExperiment(from, to, { experiment: "trial", holder: HOLDER });
      assertEquals(outcome, { evaluations: 1, records: 2500, present: 0 });
    }
    const [first] = await file.evaluations("trial");
    const [last] = await back.evaluations("trial");
    assertEquals([last?.status, last?.completed], [first?.status, first?.completed]);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("copyExperiment() goes on where it stopped", async () => {
  await using from = await filled(memoryStorage());
  await using to = memoryStorage();
  await assertRejects(() =>
    copyExperiment(from, to, {
      experiment: "trial",
      holder: HOLDER,
      onProgress: () => {
        throw new Error("stopped");
      },
    })
  );
  const { records, present } = await copyExperiment(from, to, {
    experiment: "trial",
    holder: HOLDER,
  });
  assertEquals([records, present > 0 && present < records], [2500, true]);
});

Deno.test("copyExperiment() says when the target has other results", async () => {
  await using from = await filled(memoryStorage());
  await using to = memoryStorage();
  {
    await using session = await to.begin("trial", HOLDER);
    const evaluation = await session.evaluation(definition());
    await session.commit([{ ...record(evaluation, 0), response: '"another"' }]);
  }
  await assertRejects(
    () => copyExperiment(from, to, { experiment: "trial", holder: HOLDER }),
    Error,
    "differs",
  );
});
