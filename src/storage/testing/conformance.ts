/**
 * What every storage must do, whatever it is made of.
 *
 * @module
 */
import type { Storage } from "../storage.ts";
import { commitCases } from "./commit_cases.ts";
import { evaluationCases } from "./evaluation_cases.ts";
import { experimentCases } from "./experiment_cases.ts";
import { metricCases } from "./metric_cases.ts";
import { readCases } from "./read_cases.ts";
import { sessionCases } from "./session_cases.ts";
import { valueCases } from "./value_cases.ts";

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

/** Options of {@linkcode testStorage}. */
export interface TestStorageOptions {
  /** Why the tests cannot run here; they are then left out. */
  readonly skip?: string | undefined;
}

/** Registers a test of a storage for each thing that it must do. */
export function testStorage(
  name: string,
  open: () => Promise<StorageUnderTest>,
  options: TestStorageOptions = {},
): void {
  const cases = [
    ...experimentCases,
    ...evaluationCases,
    ...commitCases,
    ...readCases,
    ...valueCases,
    ...metricCases,
    ...sessionCases,
  ];
  const reason = options.skip === undefined ? "" : ` (left out: ${options.skip})`;
  for (const each of cases) {
    Deno.test({
      name: `${name} ${each.name}${reason}`,
      ignore: options.skip !== undefined,
      async fn() {
        await using subject = await open();
        await each.run(subject);
      },
    });
  }
}
