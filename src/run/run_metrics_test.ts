import { assertEquals, assertStringIncludes } from "@std/assert";
import { foreach } from "../evaluation/foreach.ts";
import { metric } from "../evaluation/metric.ts";
import { score } from "../evaluation/score.ts";
import { memoryStorage } from "../storage/memory.ts";
import type { RunEvent } from "./events.ts";
import { run } from "./run.ts";

Deno.test("a custom metric stays up to date when a failed item fails again", async () => {
  const storage = memoryStorage();
  const count = metric("count", (values) => values.length);
  const failing = foreach("n", [1, 2], { name: "failing" }, ({ n }) => {
    if (n === 2) throw new Error("always");
    return score("one", 1, { metrics: [count] });
  });
  await run(failing, { storage, experiment: "e" });
  await run(failing, { storage, experiment: "e" });
  const [stored] = await storage.evaluations("e");
  const [kept] = stored ? await storage.metrics(stored.id) : [];
  assertEquals(kept?.computed?.value, 1);
  assertEquals(kept?.computed?.revision, stored?.revision);
});

Deno.test("a metric that throws has no value, is told by name, and spoils nothing", async () => {
  const events: RunEvent[] = [];
  const broken = metric("broken", () => {
    throw new Error("boom");
  });
  const text = metric("text", () => "5" as never);
  const scored = foreach(
    "n",
    [1],
    { name: "scored" },
    () => score("s", 1, { metrics: [broken, text, metric("count", (values) => values.length)] }),
  );
  await using results = await run(scored, {
    storage: memoryStorage(),
    experiment: "e",
    onEvent: (event) => events.push(event),
  });
  assertEquals(results.summary().metrics, { s: { broken: null, text: null, count: 1 } });
  const told = events.flatMap((event) => event.type === "message" ? [event.text] : []).join("\n");
  assertStringIncludes(told, 'The metric "broken" of the score "s" of scored has no value: boom');
  assertStringIncludes(told, "it gave a string");
});
