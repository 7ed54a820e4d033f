/**
 * A program that begins a session on the experiment "trial", records one result, says
 * `holding` and waits to be killed.
 *
 * @module
 */
import { openStorage } from "../open.ts";
import { record, start } from "./samples.ts";

const storage = await openStorage(Deno.args[0] ?? "", { mode: "write", spool: false });
const { session, evaluation } = await start(storage);
await session.commit([record(evaluation, 0)]);
await Deno.stdout.write(new TextEncoder().encode("holding\n"));
await new Promise(() => setInterval(() => {}, 1_000));
