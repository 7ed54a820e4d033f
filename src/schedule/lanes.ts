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
  async function drain(): Promise<void> {
    for (;;) {
      const piece = await source.next();
      if (piece === undefined) return;
      const done = work(piece);
      if (done) await done;
    }
  }
  const lanes = pooledMap(count, Array.from({ length: count }, (_, lane) => lane), drain);
  try {
    for await (const _ of lanes);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}
