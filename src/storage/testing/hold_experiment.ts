/**
 * A program that begins a session on the experiment "trial", or on the shard of it that the second
 * and third argument are, records one result, says `holding` and waits to be killed.
 *
 * @module
 */
import { openStorage } from "../open.ts";
import { definition, HOLDER, record } from "./samples.ts";

const [location = "", index = "1", count = "1"] = Deno.args;
const shard = { index: Number(index), count: Number(count) };
const storage = await openStorage(location, { mode: "write", spool: false });
const session = await storage.begin("trial", HOLDER, { shard });
const evaluation = await session.evaluation(definition());
await session.commit([record(evaluation, shard.index - 1)]);
await Deno.stdout.write(new TextEncoder().encode("holding\n"));
await new Promise(() => setInterval(() => {}, 1_000));
