/**
 * A program that reads Parquet files and leaves them after the first row, and reads what is none and what is not
 * there. Its arguments are files of both kinds; it prints what the folder of temporary files holds while each is read,
 * and in the end.
 *
 * @module
 */
import { parquet } from "../parquet.ts";
import { filesIn } from "./files.ts";

const folder = Deno.env.get("TMPDIR") ?? "";
const counts: number[] = [];
for (const path of [...Deno.args, "no/such.parquet"]) {
  try {
    for await (const _row of parquet(path)) {
      counts.push((await filesIn(folder)).length);
      break;
    }
  } catch {
    // It is no Parquet file, or not there.
  }
}
counts.push((await filesIn(folder)).length);
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(counts)));
