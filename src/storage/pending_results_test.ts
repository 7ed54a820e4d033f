import { assert, assertEquals } from "@std/assert";
import { PendingResults } from "./pending_results.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { ItemRecordDraft } from "./stored_record.ts";
import { record } from "./testing/samples.ts";

function resultOf(position: number, characters: number): ItemRecordDraft {
  return record(1 as EvaluationId, position, { row: "", response: "x".repeat(characters) });
}

function taken(pending: PendingResults): readonly (readonly number[])[] {
  const groups: number[][] = [];
  while (pending.length > 0) groups.push(pending.take().records.map(({ position }) => position));
  return groups;
}

Deno.test("pending results are taken in order, in groups of so many", () => {
  const pending = new PendingResults(3);
  pending.add([0, 1, 2, 3].map((position) => resultOf(position, 10)));
  assert(pending.groups > 1);
  assertEquals(taken(pending), [[0, 1, 2], [3]]);
  assertEquals(pending.groups, 0);
});

Deno.test("pending results that are large are taken in smaller groups, one at the least", () => {
  const pending = new PendingResults(1000);
  pending.add([resultOf(0, 1), resultOf(1, 9_000_000), resultOf(2, 1), resultOf(3, 2_500_000)]);
  pending.add([resultOf(4, 2_500_000), resultOf(5, 1)]);
  assert(pending.groups > 3);
  assertEquals(taken(pending), [[0, 1], [2, 3, 4], [5]]);
});

Deno.test("pending results that are forgotten take no room", () => {
  const pending = new PendingResults(2);
  pending.add([resultOf(0, 5_000_000)]);
  pending.clear();
  assertEquals([pending.length, pending.groups, taken(pending)], [0, 0, []]);
});
