import { assertEquals, assertStringIncludes } from "@std/assert";
import { badRow } from "../evaluation/bad_row.ts";
import { batch } from "../evaluation/batch.ts";
import type { Evaluation } from "../evaluation/evaluation.ts";
import { foreach } from "../evaluation/foreach.ts";
import { score } from "../evaluation/score.ts";
import { messageOf } from "../errors.ts";
import { ItemTable } from "./identity.ts";
import { type Item, ItemSource, type Work } from "./items.ts";

const one = () => score("one", 1);

interface Settings {
  readonly variants?: number;
  readonly samples?: number;
  readonly table?: ItemTable;
}

function sourceOf(evaluation: Evaluation, settings: Settings = {}) {
  const due: number[] = [];
  let breaths = 0;
  const source = new ItemSource(evaluation, {
    variants: settings.variants ?? 1,
    samples: settings.samples,
    table: settings.table ?? new ItemTable(),
    onDue: (variant) => due.push(variant),
    breathe: () => {
      breaths++;
      return Promise.resolve();
    },
  });
  return { source, due, breaths: () => breaths };
}

async function all(source: ItemSource): Promise<Work[]> {
  const works: Work[] = [];
  for (let work = await source.pull(); work; work = await source.pull()) works.push(work);
  return works;
}

async function keysOf(evaluation: Evaluation): Promise<string[]> {
  return (await all(sourceOf(evaluation).source)).flatMap(({ items }) =>
    items.map(({ key }) => key)
  );
}

Deno.test("an item's key depends on the selected values, not on the place or other columns", async () => {
  const rows = [{ q: "a", id: 1 }, { q: "b", id: 2 }];
  const [a, b] = await keysOf(foreach("q", rows, one));
  const turned = [{ q: "b", id: 3 }, { q: "a", id: 4 }];
  assertEquals(await keysOf(foreach("q", turned, one)), [b, a]);
  assertEquals(await keysOf(foreach("q", [["b"], ["a"]], one)), [b, a]);
});

Deno.test("equal rows are told apart by how many came before", async () => {
  const [first, second, other, third] = await keysOf(foreach("q", ["a", "a", "b", "a"], one));
  assertEquals(new Set([first, second, other, third]).size, 4);
  assertEquals(await keysOf(foreach("q", ["b", "a", "a", "a"], one)), [
    other,
    first,
    second,
    third,
  ]);
});

Deno.test("the option key names the columns that identify a row", async () => {
  const rows = (time: number) => [{ id: 1, time }, { id: 2, time }];
  assertEquals(
    await keysOf(foreach(rows(1), { key: "id" }, one)),
    await keysOf(foreach(rows(2), { key: "id" }, one)),
  );
});

Deno.test("items come row by row, each under every variant and repeat", async () => {
  const { source, due } = sourceOf(foreach("q", ["a", "b"], { repeats: 2 }, one), { variants: 2 });
  const works = await all(source);
  assertEquals(
    works.map(({ variant, items: [item] }) => [item?.position, variant, item?.repeat]),
    [0, 1].flatMap((position) =>
      [0, 1].flatMap((variant) => [0, 1].map((repeat) => [position, variant, repeat]))
    ),
  );
  assertEquals(due.length, 8);
  assertEquals([source.rows, source.complete], [2, true]);
});

Deno.test("what is recorded is passed over, with a break now and then; what failed comes again", async () => {
  const evaluation = foreach("q", Array.from({ length: 12_000 }, (_, n) => n), one);
  const table = new ItemTable();
  const first = await all(sourceOf(evaluation).source);
  for (const [n, { items: [item] }] of first.entries()) {
    if (item && n !== 11_999) table.markRecorded(item.key, n === 5_500);
  }
  const { source, breaths } = sourceOf(evaluation, { table });
  const left = (await all(source)).map(({ items: [item] }) => [item?.position, item?.failedBefore]);
  assertEquals(left, [[5_500, true], [11_999, false]]);
  assertEquals(breaths(), 2);
});

Deno.test("samples end the reading without asking for a further row, and close the dataset", async () => {
  let pulled = 0;
  let closed = false;
  const evaluation = foreach("q", function* () {
    try {
      for (;;) yield ++pulled;
    } finally {
      closed = true;
    }
  }, one);
  const { source } = sourceOf(evaluation, { samples: 3 });
  assertEquals((await all(source)).length, 3);
  assertEquals([pulled, closed, source.complete], [3, true, false]);
});

Deno.test("batches form from what is left to do, per variant", async () => {
  const evaluation = batch("q", ["a", "b", "c", "d"], { batchSize: 2 }, () => [one()]);
  const table = new ItemTable();
  const [, second] = await keysOf(evaluation);
  table.markRecorded(second as Item["key"], false);
  const { source } = sourceOf(evaluation, { variants: 2, table });
  assertEquals(
    (await all(source)).map(({ variant, items }) => [variant, items.map(({ input }) => input)]),
    [
      [1, [{ q: "a" }, { q: "b" }]],
      [0, [{ q: "a" }, { q: "c" }]],
      [1, [{ q: "c" }, { q: "d" }]],
      [0, [{ q: "d" }]],
    ],
  );
});

Deno.test("rows that cannot be run are unfit, say why, and keep their identity", async () => {
  const rows: unknown[] = [
    { q: 1 },
    {},
    badRow(new Error("line 3 is no JSON"), "{{"),
    { q: () => 1 },
  ];
  const evaluation = foreach("q", rows, one);
  const works = await all(sourceOf(evaluation).source);
  const reasons = works.map(({ items: [item] }) => messageOf(item?.unfit?.thrown ?? ""));
  assertEquals(reasons[0], "");
  assertStringIncludes(reasons[1] ?? "", 'Row 1 has no column "q"');
  assertEquals(reasons[2], "line 3 is no JSON");
  assertStringIncludes(reasons[3] ?? "", "row.q");
  assertEquals(await keysOf(evaluation), works.flatMap(({ items }) => items.map(({ key }) => key)));
});
