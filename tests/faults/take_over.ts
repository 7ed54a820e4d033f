/**
 * A session that takes over an experiment from a killed one.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { type Clock, systemClock } from "../../src/clock.ts";
import { openStorage } from "../../src/storage/open.ts";
import { fixturePath, workplace } from "../cli/command.ts";
import { followSession } from "./followed_session.ts";
import { startModelServer } from "./model_server.ts";
import { pause } from "./remote_place.ts";

const ARGS = [fixturePath("asking"), "--experiment", "e", "--model", "openai:m"];

/** Kills a session in the middle of its run; milliseconds until another one may write. */
export async function takeOver(clock: Clock = systemClock): Promise<number> {
  await using model = startModelServer({ wait: () => pause(20) });
  await using place = await workplace({ ITEMS: "2000", OPENAI_BASE_URL: model.url });
  const session = followSession(place, ARGS, {});
  const some = Promise.withResolvers<void>();
  session.onCommit = () => {
    if (session.commits === 3) some.resolve();
  };
  await some.promise;
  const file = join(place.folder, ".dotevals", "dotevals.db");
  await using storage = await openStorage(`file:${file}`, { mode: "write", clock });
  const killed = session.process.status;
  session.process.kill("SIGKILL");
  await killed;
  const start = performance.now();
  await using taken = await storage.begin("e", {
    host: "here",
    pid: Deno.pid,
    version: "0",
    denoVersion: "0",
  });
  const took = performance.now() - start;
  assertEquals(taken.id, 2);
  await session.ended();
  return took;
}
