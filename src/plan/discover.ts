/**
 * Finds evaluations among the exports of files.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { toFileUrl } from "@std/path/to-file-url";
import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import {
  EVALUATION,
  type Evaluation,
  EVALUATION_PROTOCOL,
  isEvaluation,
} from "../evaluation/evaluation.ts";
import { withoutAnsi } from "../without_ansi.ts";
import { nameOf } from "./naming.ts";
import { userPlace } from "./user_place.ts";

/** After how many milliseconds the import of a file is worth a word. */
const SLOW_MS = 5_000;

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

/** Who is told while files are imported. */
export interface DiscoverOptions {
  readonly clock: Clock;
  /** Is told of a file that takes long to import. */
  readonly onSlow: (file: string) => void;
}

/**
 * Imports files and finds the evaluations among their exports.
 *
 * A part that cannot be used becomes a problem and spoils nothing else.
 */
export async function discover(
  files: readonly string[],
  options?: DiscoverOptions,
): Promise<Discovery> {
  const problems: DiscoveryProblem[] = [];
  const evaluations: NamedEvaluation[] = [];
  for (const file of files) {
    const stopWatch = options?.clock.after(SLOW_MS, () => options.onSlow(file));
    evaluations.push(...await evaluationsOf(file, problems));
    stopWatch?.();
  }
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
  const found = new Map<Evaluation, string[]>();
  let refused = false;
  for (const [name, value] of Object.entries(exports)) {
    if (!isEvaluation(value)) continue;
    if (value[EVALUATION] > EVALUATION_PROTOCOL) {
      refused = true;
      problems.push({
        text: `${file}: "${name}" was made by a newer version of @dotevals/core than this command.`,
        hint: "Update the command: deno run -A --reload=jsr:@dotevals jsr:@dotevals/cli …",
      });
      continue;
    }
    found.set(value, [...found.get(value) ?? [], name]);
  }
  if (found.size === 0 && !refused) {
    problems.push({
      text: `${file}: exports no evaluation.`,
      hint: "Export what foreach() or batch() returns: export const accuracy = foreach(…).",
    });
  }
  return await Promise.all(
    [...found].map(async ([evaluation, exported]) => ({
      evaluation,
      name: evaluation.options.name ?? await exportedName(evaluation, exported) ?? baseName(file),
      file: url,
    })),
  );
}

/** Of several exports the one that it was made as, else the first; none where it has no name. */
async function exportedName(
  evaluation: Evaluation,
  exported: readonly string[],
): Promise<string | undefined> {
  const names = exported.filter((name) => name !== "default");
  if (names.length < 2) return names[0];
  const made = await nameOf(evaluation, (url) => Deno.readTextFile(url));
  return names.includes(made) ? made : names[0];
}

function importProblem(file: string, error: unknown): DiscoveryProblem {
  const message = withoutAnsi(messageOf(error));
  const bare = /Import "(@dotevals\/[^"]*)"|(@dotevals\/\S+?)["'.]? not (?:a dependency|found)/
    .exec(message);
  const hint = bare
    ? 'Import "jsr:@dotevals/core" in the file; or run the command in the folder whose deno.json ' +
      'maps it ("imports": { "@dotevals/core": "jsr:@dotevals/core" }), or name that file: ' +
      "deno run -A --config PATH/deno.json …"
    : undefined;
  return {
    text: `${file}: could not be imported: ${message}${placeOf(file, error)}`,
    hint,
    cause: error,
  };
}

/** ` (FILE:LINE)`: where in the user's code an error was thrown, if its message does not say so. */
function placeOf(file: string, error: unknown): string {
  if (!(error instanceof Error) || error.message.includes("file:")) return "";
  const url = toFileUrl(file).href;
  const frames = error.stack?.split("\n") ?? [];
  const place = userPlace(frames.find((frame) => frame.includes(`${url}:`)) ?? error.stack);
  return place === undefined ? "" : ` (${place})`;
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
        same.map(({ file }) => file ? fromFileUrl(file) : "in code").join(", ")
      }.`,
      hint: 'Give each a name of its own: foreach(…, { name: "…" }, …).',
    });
  }
  return evaluations.filter(({ name }) => byName.get(name)?.length === 1);
}
