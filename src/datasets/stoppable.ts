/**
 * Iterations that end when nobody wants more of them, even within a read.
 *
 * @module
 */

/** Rows that are read anew for each iteration; `return()` aborts the signal, then ends the reading. */
export function stoppable<Row>(
  read: (signal: AbortSignal) => AsyncGenerator<Row, void>,
): AsyncIterable<Row> {
  return {
    [Symbol.asyncIterator]() {
      const stop = new AbortController();
      const rows = read(stop.signal);
      return {
        next: () => rows.next(),
        return() {
          stop.abort();
          return rows.return();
        },
      };
    },
  };
}
