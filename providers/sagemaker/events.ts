/**
 * The events in what a container streams.
 *
 * @module
 */
import { TransientError } from "../../src/providers/model_error.ts";

/**
 * The values that a container streams: server-sent events (`data: {…}`) or lines of JSON. AWS cuts
 * the bytes where it likes, in the middle of a line and of a character.
 *
 * @throws {TransientError} if a line is neither
 */
export async function* events(parts: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of parts) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.flatMap(eventOf);
  }
  yield* eventOf(rest + decoder.decode());
}

/** What a line holds: one value, or none. */
function eventOf(line: string): unknown[] {
  const text = line.replace(/^data:/, "").trim();
  if (text === "" || text === "[DONE]" || /^(:|event:|id:|retry:)/.test(text)) return [];
  try {
    return [JSON.parse(text)];
  } catch (cause) {
    throw new TransientError(
      `The endpoint streamed something that is no event: ${text.slice(0, 200)}`,
      {
        cause,
      },
    );
  }
}
