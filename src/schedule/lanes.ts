/**
 * Lanes: the concurrent loops that take work.
 *
 * @module
 */
import { pooledMap } from "@std/async/pool";

/** Where lanes take work from. */
export interface WorkSource<Work> {
  /** The next piece of work; `undefined` when there is none left. */
  next(): Work | undefined | Promise<Work | undefined>;
}

/**
 * Runs `count` lanes, each taking work from one shared source until it is drained.
 *
 * The pool maps lanes rather than pieces of work: mapping the work itself costs a race
 * over the whole pool for each piece, and buffers without bound behind a slow one.
 *
 * @throws the first error of `work`, once all lanes have ended
 */
export async function runLanes<Work>(
  source: WorkSource<Work>,
  count: number,
  work: (piece: Work) => void | Promise<void>,
): Promise<void> {
  let grown = Promise.withResolvers<boolean>();
  async function drain(): Promise<void> {
    for (let first = true;; first = false) {
      const piece = await source.next();
      if (first) grown.resolve(piece !== undefined);
      if (piece === undefined) return;
      const done = work(piece);
      if (done) await done;
    }
  }
  /** A lane more once the one before has work: a limit far above the work costs nothing. */
  async function* laneNumbers(): AsyncGenerator<number> {
    for (let lane = 0; lane < count; lane++) {
      grown = Promise.withResolvers();
      yield lane;
      if (!await grown.promise) return;
    }
  }
  const lanes = pooledMap(count, laneNumbers(), drain);
  try {
    for await (const _ of lanes);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}
