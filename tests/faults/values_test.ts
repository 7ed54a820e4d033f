import { assert, assertEquals, assertMatch } from "@std/assert";
import { foreach, mean, run, score } from "@dotevals/core";
import { join } from "@std/path/join";
import fc from "fast-check";
import { storable } from "../../src/values/testing/arbitrary.ts";
import { workplace } from "../cli/command.ts";
import { assertKept, objectOf, record, shownRecords } from "./kept_values.ts";

const MEGABYTE = 1_000_000;

/** Values that something on their way could spoil. */
const HARD: readonly unknown[] = [
  "\ud800",
  "a\udc00b\ud83d",
  "a\0b",
  "\0",
  "\u001a",
  "\u2028\u2029\u202e",
  "",
  " ",
  "quotes \"'`, \\ and\nlines\r\n",
  "💥".repeat(1000),
  10n ** 40n,
  -1n,
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  2 ** 53,
  undefined,
  null,
  new Date(0),
  new Date(NaN),
  new Date(8.64e15),
  new Map<unknown, unknown>([[{ a: 1 }, new Map([[1n, -0]])], [NaN, undefined]]),
  new Set<unknown>([1, "1", 1n, new Set([null])]),
  new Uint8Array([0, 255]),
  new Float64Array([-0, NaN, 1e300]),
  new BigInt64Array([-1n]),
  [undefined, [undefined], {}],
  { undefined, nested: { "$type": "Map", value: [] }, "__proto__x": 1, "": "" },
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
];

Deno.test("values of every kind come back from a run and from show as they went in", async () => {
  await assertKept(HARD);
});

Deno.test("any values come back from a run and from show as they went in", async () => {
  const values = fc.sample(storable, { numRuns: 1000, seed: 5 });
  await assertKept(values);
});

Deno.test("10 MB of text and 100,000 keys come back as they went in", async () => {
  await assertKept(["0123456789".repeat(MEGABYTE), "\ud800".repeat(MEGABYTE), objectOf(100_000)]);
});

Deno.test("a value that contains itself is an error that names the place, of its item only", async () => {
  const cyclic: Record<string, unknown> = { list: [{}] };
  cyclic.list = [1, { again: cyclic }];
  await using place = await workplace();
  await using results = await record(place, [1, cyclic, 2]);
  assertEquals(results.summary().total, 3);
  const [, failed, ...rest] = await shownRecords(place);
  assertMatch(failed?.error?.message ?? "", /row\.value\.list\[1\]\.again/);
  assertEquals(rest.map(({ error }) => error), [null]);
});

const NAMES = [
  "a/b/../c",
  `'"\`$(x) %s {} <b>`,
  "line\nbreak\ttab\rreturn",
  "💥 \u202e ünï",
  "--flag",
  "x".repeat(100_000),
];

for (const name of NAMES) {
  const shown = JSON.stringify(name.length > 30 ? `${name.slice(0, 10)}… of 100 KB` : name);
  Deno.test(`an experiment, an evaluation, a score and a variant may be named ${shown}`, async () => {
    const evaluation = foreach(
      "n",
      [1, 2],
      { name, params: { style: [name, `${name}.`] } },
      ({ n }, { params }) => score(params.style, n, { metrics: [mean()] }),
    );
    await using place = await workplace();
    const storage = `file:${join(place.folder, ".dotevals", "dotevals.db")}`;
    for (let time = 0; time < 2; time++) {
      await using results = await run(evaluation, { storage, experiment: name });
      assertEquals(results.summary(), {
        total: 4,
        errors: 0,
        metrics: { [name]: { mean: 1.5 }, [`${name}.`]: { mean: 1.5 } },
      });
      assertEquals(results.evaluations.map((one) => [one.name, one.variant]), [
        [name, { style: name }],
        [name, { style: `${name}.` }],
      ]);
    }
    const { stdout, stderr } = await place.dotevals("show", "--json", "--full", "--", name);
    const document = JSON.parse(stdout || stderr);
    assertEquals(document.experiment, name);
    const [one] = document.evaluations;
    assertEquals([one.name, one.variant], [name, { style: name }]);
    assertEquals(one.metrics, { [name]: { mean: 1.5 } });
    assertEquals(one.records.map((record: { scores: unknown }) => record.scores), [
      { [name]: 1 },
      { [name]: 2 },
    ]);
    const plain = await place.dotevals("show", "--", name);
    assertEquals(plain.code, 0);
    assert(!plain.stdout.includes("\r") && !plain.stdout.includes("\u202e"));
  });
}
