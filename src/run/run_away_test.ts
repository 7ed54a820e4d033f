import { assert, assertEquals } from "@std/assert";
import { asModel } from "../evaluation/as_model.ts";
import { foreach } from "../evaluation/foreach.ts";
import { TransientError } from "../providers/model_error.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";
import { turn } from "./testing/counting_client.ts";
import { correct } from "./testing/records.ts";

const ROWS = Array.from({ length: 60 }, (_, at) => at);

/** A model that is down until another one has answered for all rows. */
function setUp() {
  const asked = { well: 0, down: 0 };
  const answer = async (name: "well" | "down") => {
    await turn();
    if (name === "down" && asked.well < ROWS.length) throw new TransientError("HTTP 500");
    asked[name]++;
    return { text: "4" };
  };
  return { asked, answer };
}

for (const concurrency of ["auto", 4, 20] as const) {
  Deno.test(`an endpoint that is down does not hold up another evaluation: ${concurrency}`, async () => {
    const { asked, answer } = setUp();
    const [down, well] = (["down", "well"] as const).map((name) => {
      const client = asModel({ generate: () => answer(name) }, { name });
      return foreach("n", ROWS, { name }, async ({ n }) => {
        await client.generate(String(n));
        return correct(true);
      });
    });
    assert(down && well);
    await using results = await run([down, well], { storage: memoryStorage(), concurrency });
    assertEquals(asked, { well: 60, down: 60 });
    assertEquals(results.summary().errors, 0);
  });

  Deno.test(`a model that is down does not hold up evaluations' other one: ${concurrency}`, async () => {
    const { asked, answer } = setUp();
    const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
    const key = `answers of ${folder}`;
    Reflect.set(globalThis, key, answer);
    try {
      await Deno.writeTextFile(
        `${folder}/plain.js`,
        `const answer = globalThis[${JSON.stringify(key)}];
        export default {
          [Symbol.for("dotevals.provider")]: 1,
          name: "plain",
          permissions: {},
          setup: async (name) => ({
            resourceId: name,
            model: { generate: () => answer(name) },
            teardown() {},
          }),
        };`,
      );
      // All of them meet the model that is down before they are done with the other one.
      const asking = ["a", "b", "c", "d", "e", "f"].map((name) =>
        foreach("n", ROWS.slice(0, 10), { name }, async ({ n }, { model }) => {
          await model.generate(String(n));
          return correct(true);
        })
      );
      await using results = await run(asking, {
        storage: memoryStorage(),
        model: ["down", "well"].map((name) => `${folder}/plain.js#${name}`),
        concurrency,
      });
      assertEquals(asked, { well: 60, down: 60 });
      const ends = results.evaluations.map(({ end, total, errors }) => [end, total, errors]);
      assertEquals(ends, Array(12).fill(["complete", 10, 0]));
    } finally {
      Reflect.deleteProperty(globalThis, key);
      await Deno.remove(folder, { recursive: true });
    }
  });
}
