/**
 * Finds evaluations among the exports of files.
 *
 * @module
 */
import { toFileUrl } from "@std/path/to-file-url";
import { messageOf } from "../errors.ts";
import {
  EVALUATION,
  type Evaluation,
  EVALUATION_PROTOCOL,
  isEvaluation,
} from "../evaluation/evaluation.ts";

/** An evaluation with the name that its results are recorded under. */
export interface NamedEvaluation {
  readonly evaluation: Evaluation;
  readonly name: string;
  /** The file it was found in, as a URL; `undefined` where it was handed over in code. */
  readonly file: string | undefined;
}

/** Something that was asked for and cannot be run. */
export interface DiscoveryProblem {
  /** What is wrong, and where. */
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The error behind it. */
  readonly cause?: unknown;
}

/** What was found, and what could not be used. */
export interface Discovery {
  readonly evaluations: readonly NamedEvaluation[];
  readonly problems: readonly DiscoveryProblem[];
}

/**
 * Imports files and finds the evaluations among their exports.
 *
 * A part that cannot be used becomes a problem and spoils nothing else.
 */
export async function discover(files: readonly string[]): Promise<Discovery> {
  const problems: DiscoveryProblem[] = [];
  const evaluations: NamedEvaluation[] = [];
  for (const file of files) evaluations.push(...await evaluationsOf(file, problems));
  return { evaluations: withoutNamesakes(evaluations, problems), problems };
}

async function evaluationsOf(
  file: string,
  problems: DiscoveryProblem[],
): Promise<readonly NamedEvaluation[]> {
  const url = toFileUrl(file).href;
  let exports: Record<string, unknown>;
  try {
    exports = await import(url);
  } catch (error) {
    problems.push(importProblem(file, error));
    return [];
  }
  const found = new Map<Evaluation, string>();
  for (const [name, value] of Object.entries(exports)) {
    if (!isEvaluation(value) || found.has(value) && name === "default") continue;
    if (value[EVALUATION] > EVALUATION_PROTOCOL) {
      problems.push({
        text: `${file}: "${name}" was made by a newer version of @dotevals/core than this command.`,
        hint: "Update the command: deno run -A --reload=jsr:@dotevals jsr:@dotevals/cli …",
      });
      continue;
    }
    found.set(value, value.options.name ?? (name === "default" ? baseName(file) : name));
  }
  if (found.size === 0 && !problems.some(({ text }) => text.startsWith(`${file}: `))) {
    problems.push({
      text: `${file}: exports no evaluation.`,
      hint: "Export what foreach() or batch() returns: export const accuracy = foreach(…).",
    });
  }
  return [...found].map(([evaluation, name]) => ({ evaluation, name, file: url }));
}

function importProblem(file: string, error: unknown): DiscoveryProblem {
  const message = messageOf(error);
  const bare = /Import "(@dotevals\/[^"]*)"|(@dotevals\/\S+?)["'.]? not (?:a dependency|found)/
    .exec(message);
  const hint = bare
    ? 'Import "jsr:@dotevals/core" in the file; or run the command in the folder whose deno.json ' +
      'maps it ("imports": { "@dotevals/core": "jsr:@dotevals/core" }), or name that file: ' +
      "deno run -A --config PATH/deno.json …"
    : undefined;
  return { text: `${file}: could not be imported: ${message}`, hint, cause: error };
}

/** The file's name without folder and endings: `math.eval.ts` is `math`. */
function baseName(file: string): string {
  const name = file.split(/[/\\]/).at(-1) ?? file;
  return name.replace(/\.\w+$/, "").replace(/\.eval$/, "") || name;
}

/** Leaves out all evaluations of one name: results could not be told apart. */
function withoutNamesakes(
  evaluations: readonly NamedEvaluation[],
  problems: DiscoveryProblem[],
): readonly NamedEvaluation[] {
  const byName = Map.groupBy(evaluations, ({ name }) => name);
  for (const [name, same] of byName) {
    if (same.length === 1) continue;
    problems.push({
      text: `${same.length} evaluations are named "${name}" and were left out: ${
        same.map(({ file }) => file ? new URL(file).pathname : "in code").join(", ")
      }.`,
      hint: 'Give each a name of its own: foreach(…, { name: "…" }, …).',
    });
  }
  return evaluations.filter(({ name }) => byName.get(name)?.length === 1);
}
