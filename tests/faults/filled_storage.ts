/**
 * A storage with as many results as a test needs, made without running anything.
 *
 * @module
 */
import { openStorage } from "../../src/storage/open.ts";
import { definition, HOLDER, record } from "../../src/storage/testing/samples.ts";

/** Results of one commit. */
const COMMIT = 1_000;

/** Records so many results of an experiment that is called `large`. */
export async function fillStorage(location: string, count: number): Promise<void> {
  await using storage = await openStorage(location, { mode: "write" });
  await using session = await storage.begin("large", HOLDER);
  const evaluation = await session.evaluation(definition());
  const metrics = [{ score: "exactMatch", metric: "accuracy", parameters: {} }];
  await session.commit([], [{ evaluation: evaluation.id, metrics }]);
  for (let first = 0; first < count; first += COMMIT) {
    const length = Math.min(COMMIT, count - first);
    await session.commit(Array.from({ length }, (_, n) => record(evaluation, first + n)));
  }
  await session.finish(evaluation.id, "complete", count);
}
