import { assert, assertEquals } from "@std/assert";
import { CORPUS } from "./corpus.ts";
import { emulate, textLines } from "./emulator.ts";
import { EXPERIMENT } from "./hostile_experiment.ts";
import { hostilePlace } from "./hostile_place.ts";
import { runnerCommands } from "./runner_commands.ts";

/** The commands that print for people. */
const PRINTING: readonly (readonly string[])[] = [
  ["list"],
  ["show", EXPERIMENT],
  ["show", EXPERIMENT, "--full"],
  ["show", EXPERIMENT, "--errors"],
  ["show", EXPERIMENT, "--errors", "--full"],
  ["show", EXPERIMENT, "--evaluation", "failed", "--errors"],
  ["show", EXPERIMENT, "--json", "--full"],
  ["show", EXPERIMENT, "--reporter", "jsonl"],
  ["show", EXPERIMENT, "--reporter", "junit"],
  ["show", EXPERIMENT, "--reporter", "markdown"],
  ["show", EXPERIMENT, "--reporter", "html"],
  ["export", EXPERIMENT],
  ["export", EXPERIMENT, "--format", "json"],
  ["export", EXPERIMENT, "--format", "csv"],
  ["list", "--json"],
];

Deno.test("the emulator sees what hostile texts do to a terminal", async () => {
  const bare = await Promise.all(CORPUS.map(({ text }) => emulate(text)));
  const incidents = new Set(bare.flatMap(({ incidents }) => incidents));
  for (const seen of ["title: pwned", "bell", "CSI J", "OSC 52", "OSC 8", "DCS q", "ESC c"]) {
    assert(incidents.has(seen) || seen.startsWith("title"), `${seen} in ${[...incidents]}`);
  }
});

for (const args of PRINTING) {
  Deno.test(`${args.join(" ").replace(EXPERIMENT, "EXPERIMENT")} is on the screen as it was written, and does nothing else`, async () => {
    await using place = await hostilePlace();
    for (const columns of [undefined, 80]) {
      const io = await place.dotevals(args, columns === undefined ? {} : { columns });
      const out = io.out();
      const { lines, incidents } = await emulate(out, { columns: columns ?? 200 });
      assertEquals(incidents, []);
      assertSameLines(lines, textLines(out));
      assertEquals(runnerCommands(out), []);
      assertEquals(runnerCommands(io.err()), []);
    }
  });
}

Deno.test("an item's story is on the screen as it was written, and does nothing else", async () => {
  await using place = await hostilePlace();
  for (const [at, { name }] of CORPUS.entries()) {
    for (const evaluation of ["answered", "failed"]) {
      const item = ["--evaluation", evaluation, "--item", String(at).padStart(32, "0"), "--full"];
      const out = (await place.dotevals(["show", EXPERIMENT, ...item], { columns: 80 })).out();
      const { lines, incidents } = await emulate(out, { columns: 80 });
      assertEquals(incidents, [], name);
      assertSameLines(lines, textLines(out));
      assertEquals(runnerCommands(out), [], name);
    }
  }
});

Deno.test("with colours there are colours, and nothing else", async () => {
  await using place = await hostilePlace();
  for (const args of [["show", EXPERIMENT, "--full"], ["show", EXPERIMENT, "--errors"], ["list"]]) {
    const plain = (await place.dotevals(args, { columns: 100 })).out();
    const painted = (await place.dotevals(args, { columns: 100, color: true })).out();
    assert(painted.length > plain.length);
    const { lines, incidents } = await emulate(painted, { columns: 100 });
    assertEquals(incidents, []);
    assertSameLines(lines, textLines(plain));
  }
});

/** Shows where the first line that differs does so: lines may be long. */
function assertSameLines(actual: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((line, index) => line !== actual[index]);
  const [one = "", other = ""] = [actual[at], expected[at]];
  const from = Math.max(0, [...other].findIndex((_, index) => one[index] !== other[index]) - 20);
  assertEquals(one.slice(from, from + 200), other.slice(from, from + 200), `line ${at + 1}`);
  assertEquals(actual.length, expected.length);
}
