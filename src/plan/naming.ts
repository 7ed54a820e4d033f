/**
 * Names evaluations that were handed over in code, where no export names them.
 *
 * @module
 */
import type { Evaluation } from "../evaluation/evaluation.ts";

/**
 * The evaluation's option `name`; else the variable that it was assigned to where it was made;
 * else the name of that file.
 */
export async function nameOf(
  evaluation: Evaluation,
  readText: (url: URL) => Promise<string>,
): Promise<string> {
  if (evaluation.options.name !== undefined) return evaluation.options.name;
  const { madeAt } = evaluation;
  if (!madeAt?.url.startsWith("file:")) return evaluation.fn.name || "evaluation";
  const url = new URL(madeAt.url);
  try {
    const line = (await readText(url)).split("\n")[madeAt.line - 1] ?? "";
    const assigned = /(?:const|let|var)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?::[^=]+)?=/u
      .exec(line);
    if (assigned?.[1]) return assigned[1];
  } catch {
    // Without the source the file's name has to do.
  }
  const file = decodeURIComponent(url.pathname).split("/").at(-1) ?? "";
  return file.replace(/(?:\.eval)?\.\w+$/, "") || "evaluation";
}
