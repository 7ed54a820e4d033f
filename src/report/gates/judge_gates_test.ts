import { assert, assertEquals, assertThrows } from "@std/assert";
import { DotevalsError } from "../../errors.ts";
import { memoryStorage } from "../../storage/memory.ts";
import type { MetricDefinition } from "../../storage/stored_metric.ts";
import type { ItemKey, ItemRecordDraft } from "../../storage/stored_record.ts";
import { encode } from "../../values/tagged.ts";
import { reportExperiment } from "../experiment_report.ts";
import { styleOf } from "../style.ts";
import { record } from "../testing/session_events.ts";
import { CALL, fill, type Filling } from "../testing/filled_storage.ts";
import { parseGate } from "./gate.ts";
import { gateLines } from "./gate_lines.ts";
import { checkBaseline, judgeGates } from "./judge_gates.ts";

const ACCURACY: MetricDefinition = { score: "right", metric: "accuracy", parameters: {} };
const MEAN: MetricDefinition = { score: "words", metric: "mean", parameters: {} };

type Draft = Partial<ItemRecordDraft>;

function right(count: number, of: number): Draft[] {
  return Array.from({ length: of }, (_, n) => ({
    row: encode({ n }),
    scores: [{ name: "right", value: n < count, metadata: undefined }],
  }));
}

const FAILED: Draft = {
  row: encode("failed"),
  error: { name: "TypeError", message: "boom", stack: undefined },
  scores: [],
};

function sums(model: string, records: readonly Draft[], more: Partial<Filling> = {}): Filling {
  return { name: "sums", variant: { model }, records, metrics: [ACCURACY], ...more };
}

const WORDS: Filling = {
  name: "words",
  records: [1, 2, 6].map((value, n) => ({
    row: encode(n),
    scores: [{ name: "words", value, metadata: undefined }],
  })),
  metrics: [MEAN],
};

async function report(fillings: readonly Filling[]) {
  await using storage = memoryStorage();
  await fill(storage, "first", fillings);
  return await reportExperiment(storage, "first");
}

/** The lines of gates on an experiment, and on a baseline. */
async function lines(
  texts: readonly string[],
  fillings: readonly Filling[],
  baseline?: readonly Filling[],
): Promise<readonly string[]> {
  const gates = texts.map(parseGate);
  const before = baseline && await report(baseline);
  checkBaseline(gates, before);
  return gateLines(judgeGates(gates, await report(fillings), before), styleOf(false));
}

Deno.test("a gate holds for every evaluation that has its metric, or for the one it names", async () => {
  const fillings = [sums("a", right(9, 10)), sums("b", right(7, 10)), WORDS];
  assertEquals(
    await lines(["right.accuracy >= 0.8", "sums [model=a]/right.accuracy >= 90%"], fillings),
    [
      "gate passed: right.accuracy >= 0.8: sums [model=a] is 0.900, of 10 items",
      "gate failed: right.accuracy >= 0.8: sums [model=b] is 0.700, of 10 items; " +
      "it must be >= 0.800: 1 more right item would be enough",
      "gate passed: sums [model=a]/right.accuracy >= 90%: sums [model=a] is 0.900, of 10 items",
    ],
  );
  const [named] = await lines(["words/words.mean < 3"], fillings);
  assertEquals(
    named,
    "gate failed: words/words.mean < 3: words is 3.000, of 3 items; it must be < 3.000",
  );
});

Deno.test("a value as far below the baseline as its gate allows passes, whatever rounding makes of it", async () => {
  assertEquals(
    await lines(
      ["right.accuracy >= baseline - 0.1"],
      [sums("a", right(7, 10))],
      [sums("a", right(8, 10))],
    ),
    ["gate passed: right.accuracy >= baseline - 0.1: sums [model=a] is 0.700, of 10 items"],
  );
});

Deno.test("a gate that failed by little shows the digits that tell its value from its limit", async () => {
  const [line] = await lines(["right.accuracy >= 0.6669"], [sums("a", right(2, 3))]);
  assert(
    line?.endsWith(
      "sums [model=a] is 0.6667, of 3 items; it must be >= 0.6669: " +
        "1 more right item would be enough",
    ),
    line,
  );
});

Deno.test("a gate on a bound is on that of the 95% interval, and says what would satisfy it", async () => {
  // Wilson's interval of 15 of 20: 0.531 to 0.888.
  const found = await lines(
    ["lower(right.accuracy) >= 0.5", "lower(right.accuracy) >= 0.6", "upper(right.accuracy) < 0.9"],
    [sums("a", right(15, 20))],
  );
  assertEquals(found, [
    "gate passed: lower(right.accuracy) >= 0.5: sums [model=a] (lower bound) is 0.531, of 20 items",
    "gate failed: lower(right.accuracy) >= 0.6: sums [model=a] (lower bound) is 0.531, of 20 items; " +
    "it must be >= 0.600: with 20 items an accuracy of 0.850 would be enough",
    "gate passed: upper(right.accuracy) < 0.9: sums [model=a] (upper bound) is 0.888, of 20 items",
  ]);
  const [few] = await lines(["lower(right.accuracy) >= 0.9"], [sums("a", right(5, 5))]);
  assert(few?.endsWith("with 5 items it cannot be"), few);
});

Deno.test("a gate may compare with the same metric of a baseline", async () => {
  const before = [sums("a", right(8, 10)), sums("b", right(6, 10))];
  const after = [sums("a", right(15, 20)), sums("b", right(10, 20))];
  assertEquals(await lines(["right.accuracy >= baseline - 0.06"], after, before), [
    "gate passed: right.accuracy >= baseline - 0.06: sums [model=a] is 0.750, of 20 items",
    "gate failed: right.accuracy >= baseline - 0.06: sums [model=b] is 0.500, of 20 items; " +
    "it must be >= 0.540: 1 more right item would be enough",
  ]);
  // A model that the baseline does not have is compared with the only one that it has.
  const [other] = await lines(["right.accuracy > baseline"], [sums("c", right(9, 10))], [
    sums("a", right(8, 10)),
  ]);
  assert(other?.startsWith("gate passed"), other);
  const [unclear] = await lines(["right.accuracy > baseline"], [sums("c", right(9, 10))], before);
  assert(unclear?.endsWith("the baseline has several variants, and not this one"), unclear);
  const part = sums("a", right(1, 2), { items: 9, status: "incomplete" });
  const [incomplete] = await lines(["right.accuracy > baseline"], after, [part]);
  assert(incomplete?.endsWith("of the baseline: it is incomplete, 2 of 9 items are recorded"));
});

Deno.test("what would be enough is said only where right items make the value", async () => {
  const graded = sums(
    "a",
    [0.3, 0.31].map((value, n) => ({
      row: encode(n),
      scores: [{ name: "right", value, metadata: undefined }],
    })),
  );
  const [line] = await lines(["right.accuracy > 0.5"], [graded]);
  assert(line?.endsWith("of 2 items; it must be > 0.500"), line);
});

Deno.test("errors, their rate and cost are gates over all evaluations", async () => {
  const fillings = [sums("a", [...right(3, 3), FAILED]), WORDS];
  assertEquals(
    await lines(["errors <= 0", "errorRate < 20%", "sums/errors < 2", "cost <= 1"], fillings),
    [
      "gate failed: errors <= 0: 1 for 7 items; it must be <= 0",
      "gate passed: errorRate < 20%: 0.143 for 7 items",
      "gate passed: sums/errors < 2: 1 for 4 items of sums",
      "gate passed: cost <= 1: $0 for 7 items",
    ],
  );
});

Deno.test("no gate passes on a metric that is not of all results, or a cost that is not known", async () => {
  const median: MetricDefinition = { score: "words", metric: "median", parameters: {} };
  const renewed: Filling = {
    ...WORDS,
    metrics: [median],
    async also(session, id) {
      await session.storeMetrics(id, [{ ...median, value: 2 }]);
      await session.commit([record(7, { evaluation: id, key: "f".repeat(32) as ItemKey })]);
    },
  };
  const [stale] = await lines(["words.median > 1"], [renewed]);
  assert(stale?.endsWith("the value is of 3 of 4 results; run it again"), stale);
  const called = (cost: number | undefined): Draft => ({
    row: encode(String(cost)),
    calls: [{ ...CALL, cost }],
  });
  const free: Filling = { name: "free", records: [called(0.5), called(undefined)] };
  const [unknown] = await lines(["cost < 9"], [free]);
  assert(unknown?.endsWith("not known for 2 items; the price of some calls is not known"), unknown);
  const [known] = await lines(["cost < 0.4"], [{ ...free, records: [called(0.5)] }]);
  assert(known?.endsWith("$0.500 for 1 item; it must be < $0.400"), known);
});

Deno.test("no gate on a count passes where there are no items", async () => {
  for (const gate of ["errors <= 0", "errorRate <= 0", "cost <= 1", "sums/errors <= 0"]) {
    const [line] = await lines([gate], [sums("a", [])]);
    assert(line?.endsWith("; a gate does not pass on nothing"), line);
  }
});

Deno.test("no gate passes on missing data", async () => {
  const incomplete = { items: 40, status: "incomplete" } as const;
  const [part] = await lines(["right.accuracy >= 0.1"], [sums("a", right(3, 3), incomplete)]);
  assertEquals(
    part,
    "gate failed: right.accuracy >= 0.1: sums [model=a] is 1.000, of 3 items; " +
      "it is incomplete, 3 of 40 items are recorded",
  );
  const [errors] = await lines(["errors <= 0"], [sums("a", right(3, 3), incomplete)]);
  assert(errors?.startsWith("gate failed"), errors);
  const none = [{ ...WORDS, records: [FAILED] }];
  const [empty] = await lines(["words.mean < 9"], none);
  assert(
    empty?.endsWith("has no value, of 1 item, 1 with errors; a gate does not pass on nothing"),
    empty,
  );
});

Deno.test("what is not there is refused with the nearest name", async () => {
  const there = await report([sums("a", right(1, 1))]);
  const refused = (text: string, code: string, hint: string) => {
    const gates = [parseGate(text)];
    const error = assertThrows(() => {
      checkBaseline(gates, text.includes("none") ? there : undefined);
      judgeGates(gates, there, undefined);
    }, DotevalsError);
    assertEquals([error.code, error.hint, error.exitCode], [code, hint, 2]);
  };
  refused("right.acuracy > 0", "no-metric", 'Did you mean "right.accuracy"?');
  refused(
    "right.acuracy/x > 0",
    "no-metric",
    'There are "right.accuracy", "errors", "errorRate", "cost".',
  );
  const one = 'Did you mean "sums [model=a]/right.accuracy"?';
  refused("sums [model=b]/right.accuracy > 0", "no-metric", one);
  refused("eror < 1", "no-metric", 'Did you mean "errors"?');
  refused(
    "right.accuracy > baseline",
    "no-baseline",
    "Name an experiment to compare with: --baseline EXPERIMENT",
  );
  refused(
    "none.accuracy > 1",
    "no-baseline",
    'Write one that does, such as: "exactMatch.accuracy >= baseline", or leave --baseline out.',
  );
});
