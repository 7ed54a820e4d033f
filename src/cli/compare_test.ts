import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { DotevalsError } from "../errors.ts";
import { fill, type Filling } from "../report/testing/filled_storage.ts";
import { openStorage } from "../storage/open.ts";
import { encode } from "../values/tagged.ts";
import { loadCommand } from "./help.ts";
import { fakeIo } from "./testing/fake_io.ts";

interface Ran {
  readonly status: number;
  readonly out: string;
}

type Dotevals = (...line: readonly string[]) => Promise<Ran>;

function sums(model: string, right: number): Filling {
  return {
    name: "sums",
    variant: { model },
    records: Array.from({ length: 20 }, (_, n) => ({
      row: encode({ n }),
      response: encode(`answer ${n < right}`),
      scores: [{ name: "right", value: n < right, metadata: undefined }],
    })),
    metrics: [{ score: "right", metric: "accuracy", parameters: {} }],
  };
}

/** Runs commands against a real database with three experiments. */
async function withExperiments(test: (dotevals: Dotevals) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const location = `file:${folder}/compared.db`;
  try {
    await using storage = await openStorage(location, { mode: "write" });
    await fill(storage, "before", [sums("a", 8)]);
    await fill(storage, "after", [sums("b", 17)]);
    await fill(storage, "both", [sums("a", 8), sums("b", 17)]);
    await fill(storage, "x:y=z", [sums("a", 9)]);
    const odd = sums("c,d=1,model=e", 16);
    await fill(storage, "odd", [{ ...odd, variant: { ...odd.variant, style: "x" } }, sums("c", 1)]);
    await test(async (name = "", ...args) => {
      const io = fakeIo({ env: { DOTEVALS_STORAGE: location } });
      const status = await (await loadCommand(name)).run(args, io);
      return { status, out: io.out() };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refused(ran: Promise<Ran>, message: string, hint: string): Promise<void> {
  const error = await assertRejects(() => ran, DotevalsError, message);
  assertEquals([error.hint, error.exitCode], [hint, 2]);
}

Deno.test("compare prints what differs, in four formats, with rows of both from the storage", async () => {
  await withExperiments(async (dotevals) => {
    const { status, out } = await dotevals("compare", "before", "after", "--flips", "1");
    assertEquals(status, 0);
    assertEquals(out.split("\n").slice(0, 17), [
      "A  before: sums [model=a]",
      "B  after: sums [model=b]",
      "20 rows in both.",
      "",
      "score  B is        A      B   B − A      95% interval      p",
      "right  better  0.400  0.850  +0.450  +0.216 to +0.658  0.004",
      "",
      "right",
      "  B is better by 0.450; B − A is likely +0.216 to +0.658.",
      "  9 rows became true, 0 became false, 11 stayed.",
      "  20 rows find a difference of 0.396 or more in 80% of cases.",
      "  9 rows false in A, true in B, 1 of them:",
      ...out.split("\n").slice(12, 13),
      '      {"n":8}',
      "      A: answer false",
      "      B: answer true",
      "",
    ]);
    assert(/^ {4}row 8, key [0-9a-f]{8}$/.test(out.split("\n")[12] ?? ""), out);
    const json = await dotevals("compare", "before", "after", "--json");
    const [pair] = JSON.parse(json.out).comparisons;
    assertEquals([pair.a.experiment, pair.scores[0].verdict], ["before", "better"]);
    assertEquals(pair.scores[0].flips.up[0].b[0].response, "answer true");
    const markdown = await dotevals("compare", "before", "after", "--markdown");
    assertStringIncludes(markdown.out, "| `right` | **better** | 0.400 | 0.850 |");
    const html = await dotevals("compare", "before", "after", "--html");
    assertStringIncludes(html.out, '<span class="chip good">better</span>');
    await refused(
      dotevals("compare", "before", "after", "--json", "--html"),
      "--json and --html exclude each other.",
      "Leave all but one of them out.",
    );
  });
});

Deno.test("compare takes variants of one experiment, by a parameter or one by one", async () => {
  await withExperiments(async (dotevals) => {
    const verdict = async (...words: readonly string[]) => {
      const { out } = await dotevals("compare", ...words, "--json");
      return JSON.parse(out).comparisons.map(({ scores }: { scores: { difference: number }[] }) =>
        Math.round((scores[0]?.difference ?? NaN) * 100) / 100
      );
    };
    assertEquals(await verdict("both", "--by", "model"), [0.45]);
    assertEquals(await verdict("both:model=b", "both:model=a"), [-0.45]);
    assertEquals(await verdict("both:model=a", "after", "x:y=z"), [0.45, 0.05]);
    const odd = "odd:model=c,d=1,model=e,style=x";
    assertEquals(await verdict(odd, "both:model=b"), [0.05]);
    await refused(
      dotevals("compare", odd.replace("x", "y"), "after"),
      "style=y",
      'Did you mean "x"?',
    );
  });
});

Deno.test("compare says what is missing or mistyped, and what there is", async () => {
  await withExperiments(async (dotevals) => {
    const write = "Write: dotevals compare";
    await refused(dotevals("compare"), "needs two experiments", `${write} EXPERIMENT EXPERIMENT`);
    await refused(dotevals("compare", "both"), "needs two", `${write} both --by model`);
    await dotevals("rename", "both", "both of them");
    await refused(
      dotevals("compare", "both of them"),
      "needs two",
      `${write} 'both of them' --by model`,
    );
    await refused(
      dotevals("compare", "odd", "both of them"),
      "It is not clear which variants",
      "Name one of each, such as: dotevals compare odd:model=c,d=1,model=e 'both of them:model=b'",
    );
    await refused(dotevals("compare", "befor", "after"), "befor", 'Did you mean "before"?');
    await refused(dotevals("compare", "odd", "--by", "modl"), "modl", 'Did you mean "model"?');
    await refused(
      dotevals("compare", "before", "--by", "model"),
      'The experiment "before" has one model only: a.',
      "Run it with another one, or name two experiments.",
    );
    await refused(
      dotevals("compare", "before", "after", "--by", "model"),
      "--by model is for one experiment",
      "Leave --by out, or all experiments but one.",
    );
    await refused(
      dotevals("compare", "before", "after", "--renamed", "sums"),
      "--renamed",
      "Write --renamed OLD=NEW, with the names of an evaluation in the first and in the others.",
    );
  });
});

Deno.test("gate exits with 0 or 1, and prints lines or JSON", async () => {
  await withExperiments(async (dotevals) => {
    const passed = await dotevals("gate", "after", "right.accuracy >= 0.8", "errors <= 0");
    assertEquals([passed.status, passed.out.split("\n").length], [0, 3]);
    const failed = await dotevals("gate", "after", "right.accuracy > 0.9", "errors <= 0", "--json");
    assertEquals(failed.status, 1);
    const document: unknown = JSON.parse(failed.out);
    const url = new URL("../../docs/schema/gate.schema.json", import.meta.url);
    const validate = new Ajv2020({ allowUnionTypes: true })
      .compile(JSON.parse(await Deno.readTextFile(url)));
    assert(validate(document), JSON.stringify(validate.errors));
    const { passed: all, gates } = JSON.parse(failed.out);
    assertEquals(all, false);
    assertEquals(gates.map(({ passed }: { passed: boolean }) => passed), [false, true]);
    assertEquals(gates[0].value, 0.85);
    const baseline = ["right.accuracy >= baseline", "--baseline", "after"];
    assertEquals((await dotevals("gate", "before", ...baseline)).status, 1);
    await refused(
      dotevals("gate", "after"),
      "needs an experiment and a gate",
      'Write: dotevals gate EXPERIMENT "exactMatch.accuracy >= 0.8"',
    );
    await refused(
      dotevals("gate", "after", "right.acuracy > 0.9"),
      "right.acuracy",
      'Did you mean "right.accuracy"?',
    );
  });
});
