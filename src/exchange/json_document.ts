/**
 * The format `json`: the lines of `jsonl` as the elements of one array.
 *
 * @module
 */

/** The document, in pieces. */
export async function* jsonDocument(lines: AsyncIterable<string>): AsyncGenerator<string> {
  yield "[";
  let first = true;
  for await (const line of lines) {
    yield `${first ? "" : ","}\n${line.trimEnd()}`;
    first = false;
  }
  yield first ? "]\n" : "\n]\n";
}
