/**
 * Makes rows and their keys, and nothing else; prints the seconds that it took.
 *
 *     deno run tests/size/hash_rows.ts ROWS CHARACTERS
 *
 * @module
 */
import { itemKey } from "../../src/plan/identity.ts";
import { rowsOf } from "../fixtures/generated/rows.ts";

const [rows = 0, characters = 0] = Deno.args.map(Number);
const start = performance.now();
let digits = 0;
for (const { n, text } of rowsOf(rows, characters)) digits += itemKey({ n, text }).length;
if (digits !== rows * 32) throw new Error("A key has another length.");
// deno-lint-ignore no-console -- what it is for
console.log((performance.now() - start) / 1000);
