/**
 * What a terminal makes of what it is sent.
 *
 * @module
 */
import xterm from "@xterm/headless";

/** What is on the screen and above it, and what the terminal was made to do besides. */
export interface Emulated {
  /** Lines, those that were wrapped put together again. */
  readonly lines: readonly string[];
  /** Titles, bells, answers, and control sequences other than colours. */
  readonly incidents: readonly string[];
}

const FINALS = Array.from({ length: 0x7f - 0x40 }, (_, at) => String.fromCharCode(0x40 + at));
const PREFIXES = [undefined, "?", ">", "=", "<"];

/** Sends text to a terminal. */
export async function emulate(
  text: string,
  { columns = 120 }: { readonly columns?: number } = {},
): Promise<Emulated> {
  const incidents: string[] = [];
  const terminal = new xterm.Terminal({
    logLevel: "off",
    cols: columns,
    rows: 24,
    scrollback: 1_000_000,
    convertEol: true,
    allowProposedApi: true,
  });
  terminal.onTitleChange((title) => incidents.push(`title: ${title}`));
  terminal.onBell(() => incidents.push("bell"));
  terminal.onData((data) => incidents.push(`answer: ${JSON.stringify(data)}`));
  const note = (what: string) => {
    incidents.push(what);
    return true;
  };
  for (const final of FINALS) {
    for (const prefix of PREFIXES) {
      if (final === "m" && prefix === undefined) continue;
      const id = prefix === undefined ? { final } : { prefix, final };
      terminal.parser.registerCsiHandler(id, () => note(`CSI ${prefix ?? ""}${final}`));
      terminal.parser.registerDcsHandler(id, () => note(`DCS ${final}`));
    }
  }
  for (const final of [..."0123456789=>HDEMNOZc78nol|}~"]) {
    terminal.parser.registerEscHandler({ final }, () => note(`ESC ${final}`));
  }
  for (let id = 0; id < 2_000; id++) {
    terminal.parser.registerOscHandler(id, () => note(`OSC ${id}`));
  }
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let at = 0; at < active.length; at++) {
    const line = active.getLine(at);
    if (line === undefined) continue;
    // A wide character that did not fit has left a cell behind.
    const isShort = active.getLine(at + 1)?.isWrapped === true &&
      line.getCell(columns - 1)?.getCode() === 0 && line.getCell(columns - 1)?.getWidth() === 1;
    const own = line.translateToString(false, 0, isShort ? columns - 1 : columns);
    if (line.isWrapped) lines.push(`${lines.pop() ?? ""}${own}`);
    else lines.push(own);
  }
  terminal.dispose();
  return { lines: withoutEnd(lines.map((line) => line.trimEnd())), incidents };
}

/** The lines of a text, as a screen has them: without blanks at ends. */
export function textLines(text: string): readonly string[] {
  return withoutEnd(text.split("\n").map((line) => line.trimEnd()));
}

function withoutEnd(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line !== "");
  return lines.slice(0, last + 1);
}
