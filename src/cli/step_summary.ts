/**
 * The summary of a step of GitHub Actions.
 *
 * @module
 */
import { writeAll } from "../write_all.ts";

/** GitHub drops a summary that is larger, all of it. */
const LIMIT = 1024 * 1024;

const CUT =
  "\n_Cut here: GitHub shows summaries of up to 1 MB. The whole is in the other reports._\n";

/** Adds whole lines to the file, behind what other commands of the step have written. */
export async function appendSummary(path: string, lines: AsyncIterable<string>): Promise<void> {
  using file = await Deno.open(path, { append: true, create: true });
  const encoder = new TextEncoder();
  const cut = encoder.encode(CUT);
  let room = LIMIT - (await file.stat()).size - cut.length;
  for await (const line of lines) {
    const bytes = encoder.encode(line);
    if (bytes.length > room) {
      if (room >= 0) await writeAll(file, cut);
      return;
    }
    room -= bytes.length;
    await writeAll(file, bytes);
  }
}
