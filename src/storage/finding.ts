/**
 * One thing that a look at a storage found.
 *
 * @module
 */

/** Something that was found. */
export interface Finding {
  /** Names it to programs. */
  readonly code: string;
  readonly text: string;
  /** What to do about it. */
  readonly hint: string;
}
