import { assertEquals, assertRejects } from "@std/assert";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { DatasetError } from "../datasets/dataset_error.ts";
import { json } from "../datasets/json.ts";
import { parquet } from "../datasets/parquet.ts";
import { fileOf } from "../datasets/testing/files.ts";
import { foreach } from "../evaluation/foreach.ts";
import { exactMatch } from "../evaluators/exact_match.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";

Deno.test("a row that was mended runs, and what stood in its place is left out", async () => {
  await using file = await fileOf('[{"n": 1}, {"n" 2}, {"n": 3}]');
  const storage = memoryStorage();
  const called: number[] = [];
  const read = foreach("n", json<{ n: number }>(file.path), { name: "read" }, ({ n }) => {
    called.push(n);
    return exactMatch(n, n);
  });
  const first = await run(read, { storage, experiment: "e" });
  assertEquals(first.summary(), {
    total: 3,
    errors: 1,
    metrics: { exactMatch: { accuracy: 2 / 3 } },
  });
  await Deno.writeTextFile(file.path, '[{"n": 1}, {"n": 2}, {"n": 3}]');
  const second = await run(read, { storage, experiment: "e" });
  assertEquals(second.summary(), { total: 3, errors: 0, metrics: { exactMatch: { accuracy: 1 } } });
  assertEquals(called, [1, 3, 2]);
});

Deno.test("a run goes on with a file whose damaged part was mended, behind what it recorded", async () => {
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const columnData = [{ name: "n", data: numbers, type: "INT32" }] as const;
  const whole = new Uint8Array(
    parquetWriteBuffer({ columnData: [...columnData], rowGroupSize: 10 }),
  );
  const [, second] = parquetMetadata(new Uint8Array(whole).buffer).row_groups;
  const at = Number(second?.columns[0]?.meta_data?.data_page_offset);
  await using file = await fileOf(whole);
  const storage = memoryStorage();
  const called: number[] = [];
  const read = foreach("n", parquet<{ n: number }>(file.path), { name: "read" }, ({ n }) => {
    called.push(n);
    return exactMatch(n, n);
  });
  await Deno.writeFile(file.path, new Uint8Array(whole).fill(0xff, at, at + 10));
  await assertRejects(
    () => run(read, { storage, experiment: "e" }),
    DatasetError,
    "its rows 11 to 20 cannot be unpacked",
  );
  await Deno.writeFile(file.path, whole);
  const results = await run(read, { storage, experiment: "e" });
  assertEquals(results.summary().total, 20);
  assertEquals(called.toSorted((one, other) => one - other), numbers);
});
