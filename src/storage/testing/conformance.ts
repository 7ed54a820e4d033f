/**
 * What every storage must do, whatever it is made of.
 *
 * @module
 */
import { callCases } from "./call_cases.ts";
import { commitCases } from "./commit_cases.ts";
import { distributionCases } from "./distribution_cases.ts";
import { evaluationCases } from "./evaluation_cases.ts";
import { experimentCases } from "./experiment_cases.ts";
import { metricCases } from "./metric_cases.ts";
import { pairCases } from "./pair_cases.ts";
import { readCases } from "./read_cases.ts";
import { sessionCases } from "./session_cases.ts";
import { shardCases } from "./shard_cases.ts";
import type { StorageUnderTest } from "./storage_case.ts";
import { valueCases } from "./value_cases.ts";

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
    ...callCases,
    ...distributionCases,
    ...readCases,
    ...pairCases,
    ...valueCases,
    ...metricCases,
    ...sessionCases,
    ...shardCases,
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
