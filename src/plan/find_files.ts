/**
 * Finds the files that evaluations are in.
 *
 * @module
 */
import { globToRegExp } from "@std/path/glob-to-regexp";
import { isGlob } from "@std/path/is-glob";
import { resolve } from "@std/path/resolve";
import type { DiscoveryProblem } from "./discover.ts";

/** The files that were found, and what could not be used. */
export interface FoundFiles {
  /** Absolute paths, each once, in the order in which they were asked for. */
  readonly files: readonly string[];
  readonly problems: readonly DiscoveryProblem[];
}

const EVALUATION_FILE = /(?:[/\\]eval_[^/\\]*|(?:\.eval|_eval))\.(?:ts|tsx|mts|js|jsx|mjs)$/;
const SCRIPT = /\.(?:ts|tsx|mts|js|jsx|mjs)$/;

/**
 * Finds the files that paths and globs name.
 *
 * A folder is searched for `*.eval.ts`, `*_eval.ts` and `eval_*.ts` (and `.js`, `.mjs`, `.tsx`);
 * a file that is named is taken whatever it is called.
 */
export async function findFiles(paths: readonly string[], cwd: string): Promise<FoundFiles> {
  const problems: DiscoveryProblem[] = [];
  const files = new Set<string>();
  for (const path of paths) {
    for (const file of await filesOf(path, cwd, problems)) files.add(file);
  }
  return { files: [...files], problems };
}

async function filesOf(
  path: string,
  cwd: string,
  problems: DiscoveryProblem[],
): Promise<readonly string[]> {
  const absolute = resolve(cwd, path);
  const info = await stat(absolute);
  if (info?.isFile) {
    if (SCRIPT.test(absolute)) return [absolute];
    problems.push({ text: `${path} is not a TypeScript or JavaScript file.` });
    return [];
  }
  if (info?.isDirectory) {
    const found = await walk(absolute, (file) => EVALUATION_FILE.test(file));
    if (found.length === 0) {
      problems.push({
        text: `The folder ${path} holds no evaluation files.`,
        hint: "Name them *.eval.ts, *_eval.ts or eval_*.ts, or give the file itself.",
      });
    }
    return found;
  }
  if (isGlob(path)) {
    const pattern = globToRegExp(absolute, { globstar: true });
    const root = absolute.slice(0, absolute.search(/[*?{[(!@+]/)).replace(/[^/\\]*$/, "");
    const found = await walk(root, (file) => SCRIPT.test(file) && pattern.test(file));
    if (found.length === 0) problems.push({ text: `No file matches ${path}.` });
    return found;
  }
  problems.push({
    text: `There is no file or folder ${path}.`,
    hint: `It was looked for at ${absolute}.`,
  });
  return [];
}

async function stat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined;
  }
}

/** Files below a folder that match, in the order of their paths. */
async function walk(folder: string, matches: (file: string) => boolean): Promise<string[]> {
  const entries: Deno.DirEntry[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) entries.push(entry);
  } catch {
    return [];
  }
  const found: string[] = [];
  for (const entry of entries.toSorted((a, b) => a.name < b.name ? -1 : 1)) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = resolve(folder, entry.name);
    if (entry.isDirectory) found.push(...await walk(path, matches));
    else if (matches(path)) found.push(path);
  }
  return found;
}
