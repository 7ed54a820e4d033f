import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { EvaluationRef, RunEvent } from "../run/events.ts";
import { blockLines } from "./progress_block.ts";
import { ProgressState } from "./progress_state.ts";
import { styleOf } from "./style.ts";
import { CALL } from "./testing/filled_storage.ts";
import { committed, finished, record, ref, started } from "./testing/session_events.ts";
import { widthOf } from "./text_width.ts";

function draw(
  state: ProgressState,
  { columns = 100, rows = 24, time = 10_000, last = false } = {},
): readonly string[] {
  return blockLines(state, { columns, rows, time, style: styleOf(false), last });
}

/** The commit of an item whose calls took so much. */
function asked(evaluation: EvaluationRef, calls: readonly Partial<typeof CALL>[]): RunEvent {
  const event = committed(evaluation, 1);
  if (event.type !== "items-committed") throw new TypeError("committed() makes a commit");
  return {
    ...event,
    records: [record(0, { calls: calls.map((call) => ({ ...CALL, ...call })) })],
    metrics: [{
      score: "exactMatch",
      metric: "accuracy",
      value: 0.85,
      interval: { low: 0.812, high: 0.8829 },
    }],
  };
}

function retried(evaluation: EvaluationRef): RunEvent {
  const error = { name: "RateLimitError", message: "429" };
  return { type: "call-retried", evaluation, model: "m", attempt: 1, delayMs: 100, error };
}

const BAR = `━${"─".repeat(29)}`;

const NONE = { turn: 0, retry: 0, budget: 0 };

const accuracy = ref("accuracy", { model: "openai:gpt-4o-mini" });

/** A session in which calls were tried again, and are in flight. */
function busy(): ProgressState {
  const state = new ProgressState();
  state.accept(started(accuracy, 1_000), 0);
  for (let n = 0; n < 40; n++) {
    const usage = { inputTokens: 300, outputTokens: 60, cost: 0.000_081 };
    state.accept(asked(accuracy, [usage]), 100 * n);
  }
  for (let n = 0; n < 3; n++) state.accept(retried(accuracy), 4_000);
  state.accept({
    type: "calls-sampled",
    evaluations: [{ evaluation: accuracy.label, items: 14, inFlight: 12, waiting: NONE }],
    endpoints: [{ models: ["openai:gpt-4o-mini"], inFlight: 12, limit: 64, waiting: 2 }],
  }, 4_000);
  return state;
}

Deno.test("blockLines() has all there is to know of an evaluation on one line, where it fits", () => {
  assertEquals(draw(busy(), { columns: 200 }), [
    `accuracy [model=openai:gpt-4o-mini]  ${BAR}` +
    "  40/1,000  4.0/s  0 errors  4:00 left  12/64 in flight  3 retries  14.4k tokens  $0.00324" +
    "  exactMatch.accuracy 0.850 (0.812–0.883)",
  ]);
});

Deno.test("blockLines() leaves nothing out at 30 columns, on more lines", () => {
  assertEquals(draw(busy(), { columns: 30 }), [
    "accuracy [model=openai:gpt-4…",
    "  ──────────  40/1,000  4.0/s",
    "  0 errors  4:00 left",
    "  12/64 in flight  3 retries",
    "  14.4k tokens  $0.00324",
    "  accuracy 0.850 (0.812–0.88…",
  ]);
});

Deno.test("blockLines() leaves out what matters least where there are few rows", () => {
  assertEquals(draw(busy(), { columns: 40, rows: 3 }), [
    "accuracy [model=openai:gpt-4o-mini]",
    "  40/1,000  0 errors  4:00 left",
  ]);
});

Deno.test("blockLines() says what calls wait for, and for how long", () => {
  const why = (
    waiting: Partial<typeof NONE>,
    pause?: { why: "down" | "asked" | "quota"; leftMs: number | undefined },
  ) => {
    const state = busy();
    state.accept({
      type: "calls-sampled",
      evaluations: [{
        evaluation: accuracy.label,
        items: 9,
        inFlight: 0,
        waiting: { ...NONE, ...waiting },
      }],
      endpoints: [{
        models: ["openai:gpt-4o-mini"],
        inFlight: 0,
        limit: 64,
        waiting: waiting.turn ?? 0,
        pause,
      }],
    }, 4_000);
    return draw(state).find((line) => line.includes("waiting"))?.trim();
  };
  assertEquals(why({ turn: 9 }), undefined, "some always wait for a place");
  assertEquals(
    why({ turn: 9 }, { why: "quota", leftMs: 6_200 }),
    "waiting: 9 for the rate limit (0:07)",
  );
  assertEquals(
    why({ turn: 9 }, { why: "asked", leftMs: 30_000 }),
    "waiting: 9 for the pause that the endpoint asked for (0:30)",
  );
  assertEquals(
    why({ turn: 7, retry: 2 }, { why: "down", leftMs: 4_000 }),
    "waiting: 7 for the endpoint, which is down (0:04), 2 to be tried again",
  );
  assertEquals(
    why({ turn: 7 }, { why: "down", leftMs: undefined }),
    "waiting: 7 for the endpoint, which is down (asked again now)",
  );
  assertEquals(why({ budget: 1_200 }), "waiting: 1,200 for the budget");
});

Deno.test("blockLines() tells no time left before there is a rate, nor without a total", () => {
  const state = new ProgressState();
  state.accept(started(accuracy, 10), 0);
  state.accept(started(ref("stream"), undefined), 0);
  assert(draw(state).every((line) => !line.includes("left") && !line.includes("/s")));
  state.accept(committed(ref("stream"), 5), 1_000);
  assert(draw(state).some((line) => line.includes("/s")));
  assert(draw(state).every((line) => !line.includes("left")));
});

Deno.test("blockLines() shows an evaluation of nothing, and one with nothing left to do, as done", () => {
  const state = new ProgressState();
  state.accept(started(ref("empty"), 0), 0);
  state.accept(finished(ref("empty"), 0, { durationMs: 0 }), 0);
  state.accept(started(ref("resumed"), 40, { recorded: 40 }), 0);
  state.accept(finished(ref("resumed"), 40, { durationMs: 2 }), 0);
  const lines = draw(state, { last: true });
  assertStringIncludes(lines[0] ?? "", "0/0  0 errors  done");
  assertStringIncludes(lines[1] ?? "", "40/40  0 errors  done");
});

Deno.test("blockLines() shows those with items under way first, and sums up the others", () => {
  const state = new ProgressState();
  const all = Array.from({ length: 40 }, (_, at) => ref(`evaluation_${at}`));
  for (const evaluation of all) state.accept(started(evaluation, 100), 0);
  for (const evaluation of all.slice(0, 3)) {
    state.accept(committed(evaluation, 100), 1_000);
    state.accept(finished(evaluation, 100), 1_000);
  }
  state.accept(committed(all[20] ?? accuracy, 50), 1_000);
  state.accept({
    type: "calls-sampled",
    evaluations: [20, 31].map((at) => ({
      evaluation: `evaluation_${at}`,
      items: 4,
      inFlight: 4,
      waiting: NONE,
    })),
    endpoints: [],
  }, 1_000);
  const lines = draw(state, { rows: 8, time: 2_000 });
  assertEquals(lines.length, 7);
  assertEquals(lines.slice(0, 3).map((line) => line.split(" ")[0]), [
    "evaluation_20",
    "evaluation_31",
    "evaluation_3",
  ]);
  assertEquals(
    lines.at(-1),
    "3 of 40 evaluations done, 350 items, 0 errors, 25.0/s, 2:26 left, 8 in flight",
  );
  assertEquals(draw(state, { rows: 8, time: 2_000, last: true }).length, 1);
});

/** What somebody may call an evaluation. */
const NAMES = [
  "accuracy",
  "日本語の評価",
  "👩‍👩‍👧‍👦 family 🏳️‍🌈",
  "evil\x1b[2J\x1b]0;t\x07",
  "e\u0301\u0301",
  "\u202Eabc",
];

Deno.test("no line of blockLines() is as wide as the terminal, and they are fewer than its rows", () => {
  const session = fc.record({
    columns: fc.integer({ min: 1, max: 220 }),
    rows: fc.integer({ min: 1, max: 60 }),
    evaluations: fc.array(
      fc.record({
        name: fc.constantFrom(...NAMES),
        model: fc.option(fc.constantFrom("echo:", "openai:gpt-4o-mini", "模型")),
        items: fc.option(fc.nat(1_000_000), { nil: undefined }),
        done: fc.nat(1_000),
        inFlight: fc.nat(500),
        retry: fc.nat(3),
        ended: fc.boolean(),
      }),
      { maxLength: 45 },
    ),
    last: fc.boolean(),
  });
  fc.assert(fc.property(session, ({ columns, rows, evaluations, last }) => {
    const state = new ProgressState();
    const refs = evaluations.map(({ name, model }, at) =>
      ref(`${name} ${at}`, model === null ? {} : { model })
    );
    for (const [at, { items, done, ended }] of evaluations.entries()) {
      const evaluation = refs[at] ?? accuracy;
      state.accept(started(evaluation, items), 0);
      if (done > 0) state.accept(committed(evaluation, done % 7 + 1), done);
      if (ended) state.accept(finished(evaluation, items ?? done), done);
    }
    state.accept({
      type: "calls-sampled",
      evaluations: evaluations.map(({ inFlight, retry }, at) => ({
        evaluation: refs[at]?.label ?? "",
        items: inFlight,
        inFlight,
        waiting: { ...NONE, retry },
      })),
      endpoints: [],
    }, 0);
    const lines = draw(state, { columns, rows, last });
    assert(lines.length <= Math.max(1, rows - 1), `${lines.length} lines of ${rows} rows`);
    for (const line of lines) {
      assert(widthOf(line) < Math.max(2, columns), `${widthOf(line)} of ${columns}: ${line}`);
      // deno-lint-ignore no-control-regex -- what no line may hold
      assert(!/[\x00-\x1f\x7f-\x9f\u202e]/.test(line), JSON.stringify(line));
    }
  }));
});
