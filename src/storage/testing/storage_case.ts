/**
 * One thing that every storage must do, and what it is tried on.
 *
 * @module
 */
import type { Storage } from "../storage.ts";

/** An empty storage, for one test. */
export interface StorageUnderTest extends AsyncDisposable {
  readonly storage: Storage;
  /** Another connection to the same experiments; the same storage where there is but one. */
  connect(): Promise<Storage>;
  /** Characters of the largest text that it must take. */
  readonly largestText: number;
  /** Takes an experiment from its session, as after a lapse; absent where that cannot be. */
  steal?(experiment: string): Promise<void>;
}

/** One thing that a storage must do. */
export interface StorageCase {
  /** A sentence without its subject. */
  readonly name: string;
  run(subject: StorageUnderTest): Promise<void>;
}
