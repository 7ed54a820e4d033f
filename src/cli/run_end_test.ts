import { assertEquals } from "@std/assert";
import type { EvaluationOutcome } from "../run/finish.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import { closingLines, exitStatus } from "./run_end.ts";

function outcome(parts: Partial<EvaluationOutcome> = {}): EvaluationOutcome {
  return {
    id: 1 as EvaluationId,
    evaluation: { name: "one", variant: {}, label: "one" },
    end: "complete",
    items: 40,
    completed: 30,
    errors: 0,
    gone: 0,
    own: undefined,
    metrics: [],
    calls: [],
    durationMs: 1,
    isCounted: true,
    failure: undefined,
    ...parts,
  };
}

function lines(...outcomes: readonly EvaluationOutcome[]): readonly string[] {
  const interrupted = outcomes.some(({ end }) => end === "interrupted");
  const args = ["evals/", "--shard", "2/4", "--experiment", "e"];
  return closingLines({ experiment: "e", outcomes, interrupted, program: "dotevals", args });
}

Deno.test("a shard's status is that of its own items", () => {
  const failed = outcome({ errors: 10, own: { items: 10, completed: 10, errors: 10 } });
  assertEquals(exitStatus([failed], false), 1);
  const empty = outcome({ own: { items: 0, completed: 0, errors: 0 } });
  assertEquals(exitStatus([empty], false), 0);
  const others = outcome({ completed: 10, errors: 10, own: { items: 0, completed: 0, errors: 0 } });
  assertEquals(exitStatus([others], false), 0);
});

Deno.test("the last lines say what of the whole is a shard's own, and go on with that shard", () => {
  const own = { items: 12, completed: 10, errors: 0 };
  assertEquals(lines(outcome({ own }), outcome({ own })), [
    "This shard: 20 of 24 items are recorded; all shards: 60 of 80.",
  ]);
  assertEquals(lines(outcome({ own, end: "interrupted" })), [
    "This shard: 10 items are recorded; all shards: 30 of 40.",
    "Interrupted; 30 items are recorded. To go on: " +
    "dotevals run evals/ --shard 2/4 --experiment e",
  ]);
  assertEquals(lines(outcome()), []);
});

Deno.test("the last lines say that a budget is spent, and what is left where that is known", () => {
  const failure = { code: "budget-spent", exitCode: 4 };
  const early = outcome({ end: "interrupted", failure });
  assertEquals(exitStatus([early], false), 4);
  const args = ["evals/", "--experiment", "e", "--max-cost", "2"];
  const end = { experiment: "e", interrupted: false, program: "dotevals", args };
  const command = "dotevals run evals/ --experiment e --max-cost 2";
  assertEquals(closingLines({ ...end, outcomes: [early] }), [
    `Out of budget; 30 of 40 items are recorded. To go on: ${command}`,
  ]);
  assertEquals(closingLines({ ...end, outcomes: [{ ...early, isCounted: false }] }), [
    `Out of budget; 30 items are recorded. To go on: ${command}`,
  ]);
});
