import { assertEquals } from "@std/assert";
import { progress } from "../../src/report/progress.ts";
import { committed, finished, ref, started } from "../../src/report/testing/session_events.ts";
import { FakeClock } from "../../src/testing/fake_clock.ts";
import { CORPUS } from "./corpus.ts";
import { emulate } from "./emulator.ts";
import { runnerCommands } from "./runner_commands.ts";

/** What is told of a session in which this text is said everywhere. */
function told(text: string, options: { readonly isTerminal: boolean }): string {
  let written = "";
  const clock = new FakeClock();
  using shown = progress({
    write: (part) => {
      written += part;
    },
    size: () => ({ columns: 100, rows: 24 }),
    color: false,
    clock,
    ...options,
  });
  const evaluation = { ...ref(text, { [text]: text }), label: text };
  const named = { score: text, metric: text, value: 1 };
  shown.listen({ type: "session-started", experiment: text, storage: text, resumed: false });
  shown.listen({ type: "message", level: "error", text, hint: text, source: "dotevals" });
  shown.listen({ type: "message", level: "info", text, source: text, model: text });
  shown.listen(started(evaluation, 5));
  clock.advance(500);
  shown.listen({ ...committed(evaluation, 1), metrics: [named] } as ReturnType<typeof committed>);
  clock.advance(500);
  shown.listen({
    ...finished(evaluation, 5, { end: "failed" }),
    metrics: [named],
    reason: text,
  } as ReturnType<typeof finished>);
  return written;
}

for (const isTerminal of [true, false]) {
  Deno.test(`progress ${isTerminal ? "on a terminal" : "in a pipe"} is told of hostile names and messages, and stays in its place`, async () => {
    const harmless = new Set((await emulate(told("text", { isTerminal }))).incidents);
    for (const { name, text } of CORPUS) {
      const written = told(text, { isTerminal });
      const { incidents } = await emulate(written, { columns: 100 });
      // The block is drawn anew in place; texts add nothing to what that takes.
      assertEquals(incidents.filter((incident) => !harmless.has(incident)), [], name);
      assertEquals(runnerCommands(written), [], name);
    }
  });
}
