/**
 * A program that leaves a Parquet file after its first row, and reads what is none and what is not
 * there. Its arguments are the two files; it prints what the folder of temporary files holds while
 * the first one is read, and in the end.
 *
 * @module
 */
import { parquet } from "../parquet.ts";
import { filesIn } from "./files.ts";

const [file = "", other = ""] = Deno.args;
const folder = Deno.env.get("TMPDIR") ?? "";
const counts: number[] = [];
for await (const _row of parquet(file)) {
  counts.push((await filesIn(folder)).length);
  break;
}
for (const path of [other, "no/such.parquet"]) await Array.fromAsync(parquet(path)).catch(() => {});
counts.push((await filesIn(folder)).length);
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(counts)));
