import { assertEquals, assertNotEquals } from "@std/assert";
import { reportExperiment } from "../experiment_report.ts";
import { demoStorage } from "../testing/filled_storage.ts";
import { junitProblems, parseXml } from "../testing/xml.ts";
import { reporter } from "./junit.ts";

async function demoReport(): Promise<string> {
  await using storage = await demoStorage();
  const report = await reportExperiment(storage, "demo");
  return (await Array.fromAsync(reporter({ report, storage, folder: "/" }))).join("");
}

Deno.test("junit is what the schema of Jenkins asks for, by libxml2", async () => {
  const document = await demoReport();
  assertEquals(await junitProblems(document), []);
  // The validator does validate.
  assertNotEquals(await junitProblems(document.replaceAll(" classname=", " classnaem=")), []);
});

Deno.test("junit has a suite for each evaluation and an error for each item that ended with one", async () => {
  const { name, attributes, children } = parseXml(await demoReport());
  assertEquals([name, attributes], [
    "testsuites",
    { name: "demo", tests: "11", failures: "0", errors: "3" },
  ]);
  assertEquals(children.map(({ attributes }) => [attributes.name, attributes.tests]), [
    ["arithmetic [model=echo:]", "5"],
    ["arithmetic [model=openai:gpt-4o-mini, style=terse]", "3"],
    ["extraction", "3"],
  ]);
  const [properties, ...cases] = children[0]?.children ?? [];
  assertEquals(properties?.children.map(({ attributes }) => attributes), [
    { name: "exactMatch.accuracy", value: "0.400" },
  ]);
  assertEquals(cases.length, 5);
  const [error, output] = cases[3]?.children ?? [];
  assertEquals([error?.name, error?.attributes, error?.text], [
    "error",
    { type: "TypeError", message: "boom" },
    "TypeError: boom\n    at x.ts:1:1",
  ]);
  assertEquals(output?.text, 'row 3: {"n":3}');
  assertEquals(cases[2]?.children.map(({ name, text }) => [name, text]), [
    ["system-out", 'row 2: {"n":2}\nresponse: no\nexactMatch: false'],
  ]);
});

Deno.test("junit names a test by its row, so that CI systems know it again", async () => {
  const { children } = parseXml(await demoReport());
  const names = children.flatMap((suite) =>
    suite.children.filter(({ name }) => name === "testcase").map(({ attributes }) =>
      attributes.name
    )
  );
  assertEquals(names[1], '{"n":1} (00000000)');
});

Deno.test("junit has an error for an evaluation that did not come to its end", async () => {
  const { children: [, unfinished] } = parseXml(await demoReport());
  const test = unfinished?.children[1];
  assertEquals(test?.attributes.name, "comes to its end");
  assertEquals(test?.children[0]?.attributes, {
    type: "Unfinished",
    message: "incomplete, 2 of 1,200 items are recorded",
  });
});
