/**
 * A program that reads all rows of a JSON document or of a query, and prints how many there were and the most
 * megabytes that it had in memory. Its arguments are `json` and a path, or `sql`, a database and a query.
 *
 * @module
 */
import { json } from "../json.ts";
import { sql } from "../sql.ts";

const [kind, path = "", query = ""] = Deno.args;
let rows = 0;
for await (const _row of kind === "json" ? json(path) : sql(path, { query })) rows++;
const status = await Deno.readTextFile("/proc/self/status");
const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify({ rows, peak })));
