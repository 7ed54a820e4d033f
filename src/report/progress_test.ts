import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import xterm from "@xterm/headless";
import { type Progress, progress } from "./progress.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import type { RunEvent } from "../run/events.ts";
import { CALL } from "./testing/filled_storage.ts";
import { committed, finished, record, ref, started } from "./testing/session_events.ts";

interface Shown {
  readonly clock: FakeClock;
  readonly progress: Progress;
  /** Everything that was written. */
  text(): string;
  /** The lines that a real terminal shows. */
  screen(): Promise<readonly string[]>;
  resize(columns: number, rows?: number): Promise<void>;
  /** Where the cursor stands, once the screen was asked for. */
  cursor(): { row: number; column: number; isHidden: boolean };
}

/** Progress whose output goes to a real terminal's emulation. */
function show(
  options: {
    columns?: number;
    rows?: number;
    color?: boolean;
    isTerminal?: boolean;
    quiet?: boolean;
  },
): Shown {
  const { columns = 80, rows = 24, color = false, isTerminal = true, quiet = false } = options;
  const size = { columns, rows };
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    convertEol: true,
    allowProposedApi: true,
  });
  const clock = new FakeClock();
  let written = "";
  return {
    clock,
    progress: progress({
      write(text) {
        written += text;
        terminal.write(text);
      },
      isTerminal,
      size: () => size,
      color,
      clock,
      quiet,
    }),
    text: () => written,
    async screen() {
      await new Promise<void>((resolve) => terminal.write("", resolve));
      const buffer = terminal.buffer.active;
      const lines = Array.from(
        { length: buffer.length },
        (_, index) => buffer.getLine(index)?.translateToString(true) ?? "",
      );
      return lines.join("\n").trimEnd().split("\n");
    },
    async resize(columns, rows = size.rows) {
      await new Promise<void>((resolve) => terminal.write("", resolve));
      size.columns = columns;
      size.rows = rows;
      terminal.resize(columns, rows);
    },
    cursor() {
      const { baseY, cursorY, cursorX } = terminal.buffer.active;
      const hidden = written.lastIndexOf("\x1b[?25l");
      return {
        row: baseY + cursorY,
        column: cursorX,
        isHidden: hidden > written.lastIndexOf("\x1b[?25h"),
      };
    },
  };
}

const accuracy = ref("accuracy", { model: "echo:" });
const sentiment = ref("sentiment_of_reviews", { model: "openai:gpt-4o-mini", style: "terse" });
const stream = ref("stream");

function playSession({ progress, clock }: Shown): void {
  progress.listen({
    type: "session-started",
    experiment: "demo",
    storage: "file:.dotevals/dotevals.db",
    resumed: true,
  });
  progress.listen(started(accuracy, 120, { recorded: 20, failed: 3 }));
  progress.listen(started(sentiment, 100_000));
  progress.listen(started(stream, undefined));
  clock.advance(2_000);
  progress.listen(committed(accuracy, 25, { completed: 45, errors: 2 }));
  progress.listen(committed(sentiment, 45_210, { errors: 12, accuracy: 0.5 }));
  progress.listen(committed(stream, 7));
  clock.advance(10_000);
}

Deno.test("progress() shows the same session at 120 columns on one line each", async () => {
  const shown = show({ columns: 120 });
  playSession(shown);
  assertEquals(await shown.screen(), [
    "Experiment demo, resumed in file:.dotevals/dotevals.db",
    "accuracy [model=echo:]                          ━━━─────          45/120    2.1/s   2 errors  0:36 left  accuracy 0.850",
    "sentiment_of_reviews [model=openai:gpt-4o-min…  ━━━─────  45,210/100,000  3,768/s  12 errors  0:15 left  accuracy 0.500",
    "stream                                          ⠋                      7    0.6/s   0 errors             accuracy 0.850",
  ]);
  shown.progress.close();
});

Deno.test("progress() shows two lines each at 80 columns where one does not hold them", async () => {
  const shown = show({ columns: 80 });
  playSession(shown);
  assertEquals((await shown.screen()).slice(1), [
    "accuracy [model=echo:]                                exactMatch.accuracy 0.850",
    "  ━━━━━━━━━━━───────────────────  45/120  2.1/s  2 errors  0:36 left",
    "sentiment_of_reviews [model=openai:gpt-4o-mini, sty…  exactMatch.accuracy 0.500",
    "  ━━━━━━━━━━━━━─────────────────  45,210/100,000  3,768/s  12 errors  0:15 left",
    "stream                                                exactMatch.accuracy 0.850",
    "  ⠋                               7  0.6/s  0 errors",
  ]);
  shown.progress.close();
});

Deno.test("progress() takes two lines rather than cutting off what variants differ by", async () => {
  const shown = show({ columns: 100 });
  for (const style of ["terse", "verbose"]) {
    shown.progress.listen(
      started(ref("accuracy", { model: "openai:a-very-long-name-of-a-model", style }), 10),
    );
  }
  shown.progress.listen(
    committed(ref("accuracy", { model: "openai:a-very-long-name-of-a-model", style: "terse" }), 4),
  );
  shown.clock.advance(1_000);
  assertEquals(await shown.screen(), [
    "accuracy [model=openai:a-very-long-name-of-a-model, style=terse]          exactMatch.accuracy 0.850",
    "  ━━━━━━━━━━━━──────────────────  4/10  4.0/s  0 errors  0:02 left",
    "accuracy [model=openai:a-very-long-name-of-a-model, style=verbose]",
    "  ──────────────────────────────  0/10  0 errors",
  ]);
  shown.progress.close();
});

Deno.test("progress() keeps counts, errors and time left at 40 columns", async () => {
  const shown = show({ columns: 40 });
  playSession(shown);
  assertEquals((await shown.screen()).slice(2), [
    "accuracy [model=echo:]   accuracy 0.850",
    "  ━━━━────────  45/120  2.1/s  2 errors",
    "  0:36 left",
    "sentiment_of_reviews […  accuracy 0.500",
    "  ━━━━━───────  45,210/100,000  3,768/s",
    "  12 errors  0:15 left",
    "stream        exactMatch.accuracy 0.850",
    "  ⠋                  7  0.6/s  0 errors",
  ]);
  shown.progress.close();
});

Deno.test("progress() writes the same lines with colour, and paints only then", async () => {
  const [painted, unpainted] = [show({ columns: 80, color: true }), show({ columns: 80 })];
  for (const shown of [painted, unpainted]) playSession(shown);
  assertEquals(await painted.screen(), await unpainted.screen());
  assertStringIncludes(painted.text(), "\x1b[31m2 errors\x1b[39m");
  // deno-lint-ignore no-control-regex -- what colours are made of
  assert(!/\x1b\[\d+m/.test(unpainted.text()), "no colour may be written");
  for (const shown of [painted, unpainted]) shown.progress.close();
});

Deno.test("progress() draws in place, messages above the block, and ends below it", async () => {
  const shown = show({ columns: 100 });
  shown.progress.listen(started(accuracy, 10));
  shown.clock.advance(100);
  shown.progress.listen(committed(accuracy, 4));
  shown.progress.listen({
    type: "message",
    level: "warn",
    text: "b.eval.ts could not be\x1b[2J loaded",
    hint: "Fix it.",
    source: "dotevals",
  });
  shown.clock.advance(1_900);
  shown.progress.listen(finished(accuracy, 10, { durationMs: 2_000 }));
  shown.progress.close();
  assertEquals(await shown.screen(), [
    "warning: b.eval.ts could not be\\u{1b}[2J loaded",
    "  Fix it.",
    "accuracy [model=echo:]  ━━━━━━━━━━━━━━━━━━  10/10  2.0/s  0 errors  done  exactMatch.accuracy 0.900",
  ]);
  assertEquals(shown.cursor(), { row: 3, column: 0, isHidden: false });
  assertEquals(shown.clock.pending, 0, "closing stops the timer");
});

for (const isTerminal of [true, false]) {
  Deno.test(
    `progress() shows what providers say until the first item of a model is there, on ${
      isTerminal ? "a terminal" : "lines"
    }`,
    async () => {
      const says = (model: string, text: string, level: "debug" | "info" = "info"): RunEvent => (
        { type: "message", level, text, source: "vllm", model }
      );
      const shown = show({ columns: 100, isTerminal });
      shown.progress.listen(started(accuracy, 10));
      shown.progress.listen(says("qwen", "vllm serve qwen is starting on port 4000."));
      shown.progress.listen(says("qwen", "a line of its log", "debug"));
      shown.progress.listen(says("llama", "llama is starting."));
      shown.clock.advance(100);
      shown.progress.listen(says("qwen", "qwen is ready\x1b[2J on port 4000."));
      const first = committed(accuracy, 1);
      if (first.type !== "items-committed") throw new TypeError("committed() makes a commit");
      shown.progress.listen({
        ...first,
        records: [record(0, { calls: [{ ...CALL, model: "qwen" }] })],
      });
      shown.progress.listen(says("qwen", "qwen ends."));
      shown.progress.listen(says("llama", "llama is ready."));
      shown.clock.advance(100);
      shown.progress.close();
      const told = [
        "vllm: vllm serve qwen is starting on port 4000.",
        "vllm: llama is starting.",
        "vllm: qwen is ready\\u{1b}[2J on port 4000.",
        "vllm: llama is ready.",
      ];
      const start = "accuracy [model=echo:]: 10 items";
      const end =
        "accuracy [model=echo:]  ━─────────────  1/10  5.0/s  0 errors  0:02 left  exactMatch.accuracy 0.850";
      assertEquals(
        (await shown.screen()).map((line) => line.trimEnd()),
        isTerminal ? [...told, end] : [start, ...told],
      );
    },
  );
}

Deno.test("progress() draws at most ten times a second, however many items are committed", () => {
  const shown = show({});
  shown.progress.listen(started(accuracy, 1_000));
  let before = shown.text().length;
  let draws = 0;
  for (let index = 0; index < 1_000; index++) {
    shown.progress.listen(committed(accuracy, 1));
    shown.clock.advance(1);
    if (shown.text().length !== before) draws++;
    before = shown.text().length;
  }
  assert(draws >= 8 && draws <= 10, `drew ${draws} times`);
  shown.progress.close();
});

Deno.test("progress() draws no more often when the user's code prints a thousand lines", async () => {
  const shown = show({ columns: 60, rows: 1_100 });
  shown.progress.listen(started(accuracy, 1_000));
  for (let line = 0; line < 1_000; line++) {
    shown.progress.listen({
      type: "message",
      level: "info",
      text: `line ${line}`,
      source: "console",
    });
    shown.progress.listen(committed(accuracy, 1, { completed: line + 1 }));
    shown.clock.advance(1);
  }
  const draws = shown.text().split("accuracy [model=echo:]").length - 1;
  assert(draws >= 8 && draws <= 11, `drew ${draws} times`);
  shown.progress.close();
  const screen = await shown.screen();
  assertEquals(
    screen.filter((line) => line.startsWith("line ")),
    Array.from({ length: 1_000 }, (_, line) => `line ${line}`),
  );
  assertEquals(screen.filter((line) => line.startsWith("accuracy")).length, 1);
});

Deno.test("progress() leaves nothing behind when the terminal gets narrower", async () => {
  const shown = show({ columns: 120 });
  playSession(shown);
  await shown.resize(60);
  shown.progress.listen(committed(accuracy, 1, { completed: 46, errors: 2 }));
  shown.clock.advance(100);
  const screen = await shown.screen();
  assertEquals(screen.filter((line) => line.startsWith("accuracy")).length, 1);
  assertEquals(screen.filter((line) => line.startsWith("stream")).length, 1);
  shown.progress.close();
});

Deno.test("progress() shows those that run, and a summary, where not all evaluations fit", async () => {
  const shown = show({ columns: 100, rows: 6 });
  const all = Array.from({ length: 30 }, (_, index) => ref(`evaluation_${index}`));
  for (const evaluation of all) shown.progress.listen(started(evaluation, 10));
  for (const evaluation of all.slice(0, 20)) {
    shown.progress.listen(committed(evaluation, 10));
    shown.progress.listen(finished(evaluation, 10));
  }
  shown.clock.advance(1_000);
  const screen = await shown.screen();
  assertEquals(screen.length, 5);
  assertStringIncludes(screen[0] ?? "", "evaluation_20");
  assertEquals(screen[4], "20 of 30 evaluations done, 200 items, 0 errors");
  shown.progress.close();
});

Deno.test("progress() writes a line now and then, without control characters, where there is no terminal", () => {
  const shown = show({ isTerminal: false, color: true });
  playSession(shown);
  shown.clock.advance(30_000);
  shown.progress.listen(finished(stream, 7, { errors: 1 }));
  shown.progress.listen({
    type: "session-finished",
    experiment: "demo",
    interrupted: false,
    durationMs: 1,
  });
  assertEquals(shown.text().split("\n"), [
    "Experiment demo, resumed in file:.dotevals/dotevals.db",
    "accuracy [model=echo:]: 120 items, 20 recorded before, 3 failed before and run again",
    "sentiment_of_reviews [model=openai:gpt-4o-mini, style=terse]: 100,000 items",
    "stream: an unknown number of items",
    "accuracy [model=echo:]: 45/120 items, 2.5/s, 2 errors, 0:30 left, exactMatch.accuracy 0.850",
    "sentiment_of_reviews [model=openai:gpt-4o-mini, style=terse]: 45,210/100,000 items, 4,521/s, 12 errors, 0:13 left, exactMatch.accuracy 0.500",
    "stream: 7 items, 0.7/s, 0 errors, exactMatch.accuracy 0.850",
    "stream: 7/7 items, 7.0/s, 1 error, done, exactMatch.accuracy 0.900, 1.0 s",
    "",
  ]);
  assertEquals(shown.clock.pending, 0);
});

Deno.test("progress() shows nothing but warnings and errors when quiet", () => {
  const shown = show({ quiet: true });
  playSession(shown);
  for (const level of ["debug", "info", "warn", "error"] as const) {
    shown.progress.listen({ type: "message", level, text: `a ${level}`, source: "dotevals" });
  }
  assertEquals(shown.text(), "warning: a warn\nerror: a error\n");
  assertEquals(shown.clock.pending, 0);
  shown.progress.close();
});

Deno.test("progress() shows what the user's code prints, at once and as it is, also at the end", async () => {
  const printed = (text: string) =>
    ({ type: "message", level: "debug", text, source: "console" }) as const;
  for (const options of [{}, { isTerminal: false }, { quiet: true }]) {
    const shown = show(options);
    shown.progress.listen(started(accuracy, 10));
    shown.progress.listen(printed("row 1\n  of 10"));
    const lines = (await shown.screen()).map((line) => line.trimEnd());
    assertStringIncludes(lines.join("\n"), "row 1\n  of 10");
    shown.progress.close();
    shown.progress.listen(printed("afterwards"));
    assertStringIncludes((await shown.screen()).join("\n"), "afterwards");
  }
});

Deno.test("progress() says why an evaluation failed, on a terminal, in a pipe, and when quiet", async () => {
  const event = {
    ...finished(accuracy, 10, { end: "failed", completed: 0 }),
    reason: "no GPU\nat all\x1b[2J",
  };
  for (const options of [{}, { isTerminal: false }, { quiet: true }]) {
    const shown = show(options);
    shown.progress.listen(started(accuracy, 10));
    shown.progress.listen(event);
    shown.progress.close();
    assertStringIncludes(
      (await shown.screen()).join("\n"),
      "error: accuracy [model=echo:]: no GPU\n  at all\\u{1b}[2J",
    );
  }
});
