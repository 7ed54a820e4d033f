import { assert, assertEquals, assertThrows } from "@std/assert";
import { assertType, type IsExact } from "@std/testing/types";
import { BAD_ROW, isBadRow } from "../evaluation/bad_row.ts";
import { foreach } from "../evaluation/foreach.ts";
import { DatasetError } from "./dataset_error.ts";
import { DATASET, defineDataset } from "./define_dataset.ts";

interface Sum {
  readonly question: string;
  readonly answer: number;
}

const sums = defineDataset({
  name: "sums",
  columns: ["question", "answer"],
  splits: { train: {}, test: { rows: 2 } },
  load: (split: "train" | "test", { plus = 0 }: { readonly plus?: number }) => {
    const row = { question: split, answer: 1 + plus, internal: true };
    return [row, { question: "?" } as Sum] satisfies Sum[] as Sum[];
  },
});

Deno.test("a named dataset gives a split's rows with its columns, and says which row lacks one", async () => {
  const [row, bad] = await Array.fromAsync(sums("test", { plus: 2 }));
  assertEquals<unknown>(row, { question: "test", answer: 3 });
  assert(isBadRow(bad) && bad[BAD_ROW].error.message.includes('has no column "answer"'));
  assertEquals((await Array.fromAsync(sums("train").take(1)))[0]?.answer, 1);
});

Deno.test("a named dataset is typed, and is a dataset of foreach", () => {
  foreach(sums("test"), ({ question, answer }) => {
    assertType<IsExact<[typeof question, typeof answer], [string, number]>>(true);
    return [];
  });
  foreach("answer", sums("test"), ({ answer }) => {
    assertType<IsExact<typeof answer, number>>(true);
    return [];
  });
  // @ts-expect-error there is no such column
  foreach("anwser", sums("test"), () => []);
  // @ts-expect-error there is no such split
  assertThrows(() => sums("dev"), DatasetError, 'The dataset sums has no split "dev"');
});

Deno.test("a named dataset carries a brand and its card, and is not read for them", () => {
  const unread = defineDataset({
    name: "unread",
    license: "MIT",
    columns: ["a"],
    splits: { test: {} },
    load: (): { a: number }[] => {
      throw new Error("read");
    },
  });
  assertEquals(unread[DATASET], 1);
  assertEquals(unread.card, {
    name: "unread",
    license: "MIT",
    columns: ["a"],
    splits: { test: {} },
  });
});
