/** A fenced code block of a Markdown page. */
export interface Block {
  /** The first word of the info string, "" without one. */
  readonly language: string;
  /** The info string's further words: `name=value`, `name="quoted value"` or just `name`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** What is between the fences, without the fence's indentation. */
  readonly text: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
}

const OPENING = /^(?<indent>[ \t]*)(?<fence>`{3,}|~{3,})(?<info>[^`]*)$/;
const ATTRIBUTE = /(?<name>[\w-]+)(?:=(?:"(?<quoted>[^"]*)"|(?<bare>\S+)))?/g;

/**
 * Finds the fenced code blocks of `page`. A fence is closed by one of the same kind that is at least as
 * long, so a longer fence may contain shorter ones.
 *
 * @throws {Error} when a fence is not closed
 */
export function codeBlocks(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = page.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const groups = lines[at]?.match(OPENING)?.groups;
    if (groups === undefined) continue;
    const { indent = "", fence = "", info = "" } = groups;
    const closing = new RegExp(`^[ \\t]*${fence[0]}{${fence.length},}[ \\t]*$`);
    const length = lines.slice(at + 1).findIndex((line) => closing.test(line));
    if (length === -1) throw new Error(`the code block of line ${at + 1} is not closed`);
    const text = lines.slice(at + 1, at + 1 + length)
      .map((line) => line.startsWith(indent) ? line.slice(indent.length) : line.trimStart());
    blocks.push({ ...infoString(info), text: text.join("\n"), line: at + 1 });
    at += length + 1;
  }
  return blocks;
}

function infoString(info: string): Pick<Block, "language" | "attributes"> {
  const [language = "", ...rest] = info.trim().split(/\s+/);
  const attributes = new Map<string, string>();
  for (const { groups = {} } of rest.join(" ").matchAll(ATTRIBUTE)) {
    attributes.set(groups.name ?? "", groups.quoted ?? groups.bare ?? "");
  }
  return { language, attributes };
}
