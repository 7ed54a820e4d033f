/** How many tests there were, by outcome. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

/** Reads the counts from the JUnit report that `deno test --junit-path` writes. */
export function testCounts(report: string): TestCounts {
  const failed = sum(report, /<testsuite [^>]*?failures="(\d+)"/g) +
    sum(report, /<testsuite [^>]*?errors="(\d+)"/g);
  const ignored = sum(report, /<testsuite [^>]*?disabled="(\d+)"/g);
  const all = sum(report, /<testsuite [^>]*?tests="(\d+)"/g);
  return { passed: all - failed - ignored, failed, ignored };
}

function sum(report: string, pattern: RegExp): number {
  return [...report.matchAll(pattern)].reduce((total, [, digits]) => total + Number(digits), 0);
}
