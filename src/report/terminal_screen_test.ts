import { assertEquals } from "@std/assert";
import fc from "fast-check";
import xterm from "@xterm/headless";
import { TerminalScreen } from "./terminal_screen.ts";
import { truncated } from "./text_width.ts";

interface Emulated {
  readonly screen: TerminalScreen;
  readonly size: { columns: number; rows: number };
  resize(columns: number, rows: number): Promise<void>;
  /** All lines, those that have scrolled away first, up to that of the cursor. */
  lines(): Promise<readonly string[]>;
}

/** A screen on a terminal's emulation. */
function emulated(columns: number, rows: number): Emulated {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const size = { columns, rows };
  const written = () => new Promise<void>((resolve) => terminal.write("", resolve));
  return {
    screen: new TerminalScreen((text) => terminal.write(text)),
    size,
    async resize(columns, rows) {
      await written();
      terminal.resize(columns, rows);
      Object.assign(size, { columns, rows });
    },
    async lines() {
      await written();
      const { active } = terminal.buffer;
      assertEquals(active.cursorX, 0);
      const lines: string[] = [];
      for (let at = 0; at < active.length; at++) {
        const line = active.getLine(at);
        const text = line?.translateToString(true) ?? "";
        if (line?.isWrapped) lines.push((lines.pop() ?? "") + text);
        else lines.push(text);
      }
      return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
    },
  };
}

Deno.test("TerminalScreen leaves one whole block, and all that was printed above it, whatever the size becomes", async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("draw" as const),
      lines: fc.array(fc.nat(90), { maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant("print" as const), length: fc.nat(200) }),
    fc.record({
      kind: fc.constant("resize" as const),
      columns: fc.integer({ min: 20, max: 120 }),
      rows: fc.integer({ min: 30, max: 40 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { screen, size, resize, lines } = emulated(60, 30);
      const printed: string[] = [];
      let drawn = 0;
      const block = (widths: readonly number[]) =>
        widths.map((width, at) =>
          truncated(`${at}:${"日本x".repeat(width)}`, Math.min(width + 2, size.columns - 1))
        );
      for (const step of [...steps, { kind: "draw" as const, lines: [3, 80] }]) {
        if (step.kind === "resize") {
          await resize(step.columns, step.rows);
          continue;
        }
        if (step.kind === "print") {
          printed.push(
            `${printed.length} ${"abc ".repeat(step.length)}`.slice(0, step.length + 3).trimEnd(),
          );
          screen.print(printed.slice(-1), size);
          continue;
        }
        const now = block(step.lines);
        screen.draw(now, size, []);
        drawn++;
        const all = await lines();
        assertEquals(all.slice(all.length - now.length), now, `draw ${drawn}`);
        assertEquals(all.slice(0, all.length - now.length), printed.filter((line) => line !== ""));
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("TerminalScreen writes only the lines that changed, and nothing where none did", () => {
  const writes: string[] = [];
  const screen = new TerminalScreen((text) => writes.push(text));
  const size = { columns: 40, rows: 10 };
  screen.draw(["one 1/9", "two 1/9"], size);
  screen.draw(["one 1/9", "two 2/9"], size);
  assertEquals([writes[1]?.includes("one"), writes[1]?.includes("two 2/9")], [false, true]);
  screen.draw(["one 1/9", "two 2/9"], size);
  assertEquals(writes.length, 2);
});

Deno.test("TerminalScreen hides the cursor and keeps lines from wrapping within a write only", () => {
  const writes: string[] = [];
  const screen = new TerminalScreen((text) => writes.push(text));
  const size = { columns: 40, rows: 10 };
  screen.draw(["one"], size);
  screen.print(["above"], size);
  screen.draw(["two"], size, ["more"]);
  for (const text of writes) {
    for (const mode of ["25", "7", "2026"]) {
      const [on, off] = [text.lastIndexOf(`\x1b[?${mode}h`), text.lastIndexOf(`\x1b[?${mode}l`)];
      assertEquals(mode === "2026" ? off >= on : on >= off, true, JSON.stringify([mode, text]));
    }
  }
});
