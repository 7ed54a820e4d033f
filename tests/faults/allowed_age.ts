/** What a kill may take beside what was in flight: the answers of the last so many milliseconds. */
const AT_MOST_MS = 100;

/**
 * How old an answer may be, in milliseconds, that a kill takes: 100 ms and one commit.
 *
 * A result waits for the commit under way and for its own: where commits take so long that the
 * first does not fit into the 100 ms (a disk that others use), what is over shows.
 */
export function allowedAge(longestCommit: number): number {
  return AT_MOST_MS + longestCommit + Math.max(0, longestCommit - 0.75 * AT_MOST_MS);
}
