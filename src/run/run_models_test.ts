import { assert, assertEquals } from "@std/assert";
import { foreach } from "../evaluation/foreach.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";
import { correct } from "./testing/records.ts";

/** Runs a test with a provider in a file that imports nothing, and notes what becomes of its models. */
async function withProvider(
  test: (spec: (name: string) => string, log: readonly string[]) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  const log: string[] = [];
  const key = `log of ${folder}`;
  Reflect.set(globalThis, key, log);
  try {
    await Deno.writeTextFile(
      `${folder}/plain.js`,
      `const log = globalThis[${JSON.stringify(key)}];
      const waiting = [];
      function met() {
        return new Promise((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 2) for (const go of waiting) go();
        });
      }
      export default {
        [Symbol.for("dotevals.provider")]: 1,
        name: "plain",
        permissions: {},
        async setup(name, { signal }) {
          log.push("up " + name);
          if (name.startsWith("meets")) await met();
          if (name === "broken") throw new Error("no GPU");
          if (name === "hanging") {
            return new Promise((_, reject) => signal.addEventListener("abort", () => {
              log.push("stopped " + name);
              reject(signal.reason);
            }));
          }
          return {
            resourceId: name,
            model: { generate: async () => ({ text: name }) },
            teardown() {
              log.push("down " + name);
              if (name === "bad") throw new Error("it does not end");
            },
          };
        },
      };`,
    );
    await test((name) => `${folder}/plain.js#${name}`, log);
  } finally {
    Reflect.deleteProperty(globalThis, key);
    await Deno.remove(folder, { recursive: true });
  }
}

function asking(name: string, model: string) {
  return foreach("n", [1, 2], { name, model }, async ({ n }, { model }) => {
    await model.generate(String(n));
    return correct(true);
  });
}

Deno.test("a model is torn down when the last evaluation that needs it is done, before the others are", async () => {
  await withProvider(async (spec, log) => {
    let seen: readonly string[] = [];
    let done = 0;
    const gone = Promise.withResolvers<void>();
    const long = foreach("n", [1], { name: "long" }, async () => {
      await gone.promise;
      seen = [...log];
      return correct(true);
    });
    const evaluations = [asking("one", spec("a")), asking("two", spec("a")), long];
    await using results = await run(evaluations, {
      storage: memoryStorage(),
      onEvent(event) {
        const isLast = event.type === "evaluation-finished" && event.completed === 2 &&
          ++done === 2;
        if (isLast) gone.resolve();
      },
    });
    assertEquals(results.summary().total, 5);
    assertEquals(seen, ["up a", "down a"]);
    assertEquals(log, ["up a", "down a"]);
  });
});

Deno.test("a model is not set up where nothing is left to do", async () => {
  await withProvider(async (spec, log) => {
    const options = { storage: memoryStorage(), experiment: "e" };
    await run(asking("one", spec("a")), options);
    await run(asking("one", spec("a")), { ...options, keep: true });
    assertEquals(log, ["up a", "down a"]);
  });
});

Deno.test("models are set up beside each other, those of variants and those of evaluations", async () => {
  await withProvider(async (spec, log) => {
    const evaluations = [asking("one", spec("meets 1")), asking("two", spec("meets 2"))];
    await using _both = await run(evaluations, { storage: memoryStorage(), concurrency: 1 });
    assertEquals(log.slice(0, 2), ["up meets 1", "up meets 2"]);
  });
  await withProvider(async (spec) => {
    const model = [spec("meets 1"), spec("meets 2")];
    const variants = foreach("n", [1], { name: "variants", model }, () => correct(true));
    await using results = await run(variants, { storage: memoryStorage(), concurrency: 1 });
    assertEquals(results.summary().total, 2);
  });
});

Deno.test("a model that cannot be set up, or does not end, spoils no other", async () => {
  await withProvider(async (spec, log) => {
    const told: string[] = [];
    const names = ["broken", "bad", "good"];
    await using results = await run(names.map((name) => asking(name, spec(name))), {
      storage: memoryStorage(),
      onEvent: (event) => {
        if (event.type === "message") told.push(event.text);
      },
    });
    assertEquals(results.evaluations.map(({ end }) => end), ["failed", "complete", "complete"]);
    assertEquals([...log].sort(), ["down bad", "down good", "up bad", "up broken", "up good"]);
    assert(told.some((text) => text.includes("#bad") && text.includes("it does not end")));
  });
});

Deno.test("a stopped run stops a setup that hangs, and tears down what stands", async () => {
  await withProvider(async (spec, log) => {
    const stop = new AbortController();
    await using results = await run(
      [asking("hung", spec("hanging")), asking("good", spec("good"))],
      {
        storage: memoryStorage(),
        signal: stop.signal,
        grace: 0,
        onEvent: (event) => {
          if (event.type === "evaluation-finished") stop.abort();
        },
      },
    );
    assertEquals(results.evaluations.map(({ end }) => end), ["interrupted", "complete"]);
    assertEquals([...log].sort(), ["down good", "stopped hanging", "up good", "up hanging"]);
  });
});
