import { assertEquals } from "@std/assert";
import { testCounts } from "./test_counts.ts";

Deno.test("testCounts() adds the files of a report up", () => {
  const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="9" failures="2" errors="1" time="0.011">
    <testsuite name="./a_test.ts" tests="4" disabled="1" errors="0" failures="2">
        <testcase name="says &lt;testsuite tests=&quot;7&quot;" classname="./a_test.ts"></testcase>
    </testsuite>
    <testsuite name="./b_test.ts" tests="5" disabled="0" errors="1" failures="0"></testsuite>
</testsuites>`;
  assertEquals(testCounts(report), { passed: 5, failed: 3, ignored: 1 });
});

Deno.test("testCounts() finds nothing in a report without tests", () => {
  assertEquals(testCounts(""), { passed: 0, failed: 0, ignored: 0 });
});
