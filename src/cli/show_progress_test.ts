import { assertEquals } from "@std/assert";
import { showProgress } from "./show_progress.ts";
import { fakeIo } from "./testing/fake_io.ts";

function shownOn(env: Readonly<Record<string, string>>): string {
  const io = fakeIo({ columns: 80, env });
  using shown = showProgress(io, { quiet: false });
  const evaluation = { name: "e", variant: {}, label: "e" };
  shown.listen({ type: "evaluation-started", evaluation, items: 3, recorded: 0, failed: 0 });
  shown.close();
  return io.err();
}

Deno.test("showProgress() writes whole lines to a dumb terminal, a block to any other", () => {
  assertEquals(shownOn({ TERM: "dumb" }), "e: 3 items\n");
  assertEquals(shownOn({ TERM: "xterm" }).includes("━") || shownOn({}).includes("─"), true);
});
